import Authentication
import BookingDomain
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Tenancy

/// Lists appointments by start. The list may be a moment old: nothing is decided by it. Before it is answered, the audit
/// has a line for each patient in it.
@EventLoop
struct ListAppointments {
    let catalogs: ClinicCatalogs
    let patients: PatientRecords

    init(_ catalogs: ClinicCatalogs, _ patients: PatientRecords) {
        (self.catalogs, self.patients) = (catalogs, patients)
    }

    /// The first `count` appointments of the list, and one more if there is another page; that one is not for the caller
    /// and has no line in the audit.
    ///
    /// - Parameter hasNames: whether the appointments have the names and telephone numbers of their patients.
    func callAsFunction(
        _ list: AppointmentList, hasNames: Bool, in tenant: TenantStore, by caller: Caller, count: Int
    ) async throws -> [AppointmentView] {
        let appointments = try await tenant.data.read(list.find(visibleTo: caller, limit: count + 1))
        let shown = Array(Set(appointments.prefix(count).compactMap(\.appointment.patient)))
        let (version, people, _) = try await tenant.data.ask(
            CalendarTables.version, patients.find(hasNames ? shown : [], in: tenant.tenant.slug),
            AccessAudit.record(hasNames ? .listPatients : .listAppointments, by: caller, ofEach: shown))
        let catalog = try await catalogs.catalog(of: tenant, version: version)
        let summaries = Dictionary(uniqueKeysWithValues: people.map { ($0.patient.id, PatientSummary($0.patient)) })
        return appointments.map { stored in
            AppointmentView(stored, catalog).with(stored.appointment.patient.flatMap { summaries[$0] })
        }
    }
}
