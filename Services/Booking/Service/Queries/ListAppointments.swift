import Authentication
import BookingDomain
import EventLoop
import Postgres
import Tenancy

/// Lists appointments by start. The list may be a moment old: nothing is decided by it. Before it is answered, the audit
/// has a line for each patient in it.
@EventLoop
struct ListAppointments {
    let catalogs: ClinicCatalogs

    init(_ catalogs: ClinicCatalogs) { self.catalogs = catalogs }

    /// The first `count` appointments of the list, and one more if there is another page; that one is not for the caller
    /// and has no line in the audit.
    func callAsFunction(
        _ list: AppointmentList, in tenant: TenantStore, by caller: Caller, count: Int
    ) async throws -> [AppointmentView] {
        let appointments = try await tenant.data.read(list.find(visibleTo: caller, limit: count + 1))
        let shown = Array(appointments.prefix(count).map(\.appointment))
        let (version, _) = try await tenant.data.ask(
            CalendarTables.version, AccessAudit.recordList(by: caller, in: shown))
        let catalog = try await catalogs.catalog(of: tenant, version: version)
        return appointments.map { AppointmentView($0, catalog) }
    }
}
