import Authentication
import BookingDomain
import EventLoop
import Idempotency
import Postgres
import Primitives
import Tenancy

/// Reads one appointment, or its history. If it has a patient, the same transaction records a line in the audit.
@EventLoop
struct ReadAppointment {
    let catalogs: ClinicCatalogs

    init(_ catalogs: ClinicCatalogs) { self.catalogs = catalogs }

    func callAsFunction(
        _ id: Identifier<Appointment>, in tenant: TenantStore, by caller: Caller
    ) async throws -> AppointmentView {
        let (version, stored, _) = try await tenant.data.ask(
            CalendarTables.version, StoredAppointment.find(id),
            .run(AccessAudit.record(.readAppointment, by: caller, in: id)))
        guard let stored, caller.maySee(stored) else { throw NotFound() }
        return AppointmentView(stored, try await catalogs.catalog(of: tenant, version: version))
    }

    func history(
        of id: Identifier<Appointment>, in tenant: TenantStore, by caller: Caller
    ) async throws -> AppointmentHistory {
        let (history, _) = try await tenant.data.ask(
            AppointmentHistory.find(id), .run(AccessAudit.record(.readHistory, by: caller, in: id)))
        guard !history.changes.isEmpty else { throw NotFound() }
        return history
    }

    /// The answer to the same request before; nil if there is none. Throws ``IdempotencyRecord/Fault``.
    func answered(under key: IdempotencyRecord?, in tenant: TenantStore) async throws -> AppointmentView? {
        try await tenant.data.ask(key.earlierAnswer())
    }
}
