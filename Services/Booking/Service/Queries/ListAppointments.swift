import Authentication
import BookingDomain
import EventLoop
import Postgres
import Primitives
import Scheduling
import Tenancy

/// Lists appointments by start. The list may be a moment old: nothing is decided by it. Each patient in it has a line in
/// the audit before it is answered.
struct ListAppointments {
    /// Which appointments; nil means all.
    struct Filter {
        let from: Instant?
        let to: Instant?
        let practitioner: Identifier<Resource>?
        let patient: Identifier<Patient>?
        let status: String?
    }

    /// Where a page ended.
    struct Position: Codable {
        let start: Instant
        let id: Identifier<Appointment>
    }

    let desk: Desk

    @EventLoop init(_ desk: Desk) { self.desk = desk }

    /// The `count` appointments behind `position`, and one more if there is another page, which is not for the caller:
    /// patients see what they took or what was taken for them.
    @EventLoop func callAsFunction(
        _ filter: Filter, after position: Position?, count: Int, caller: Caller
    ) async throws -> [AppointmentView] {
        let appointments = try await desk.store.data.read(
            """
            SELECT \(AppointmentRow.columns) FROM appointments
            WHERE (\(filter.from)::timestamptz IS NULL OR starts_at >= \(filter.from))
                AND (\(filter.to)::timestamptz IS NULL OR starts_at < \(filter.to))
                AND (\(filter.practitioner)::uuid IS NULL OR practitioner = \(filter.practitioner))
                AND (\(filter.patient)::uuid IS NULL OR patient = \(filter.patient))
                AND (\(filter.status)::text IS NULL OR status = \(filter.status))
                AND \(AppointmentRow.visible(to: caller))
                AND (\(position?.start)::timestamptz IS NULL
                    OR (starts_at, id) > (\(position?.start)::timestamptz, \(position?.id)::uuid))
            ORDER BY starts_at, id LIMIT \(count + 1)
            """
        ).map { try AppointmentRow($0).appointment }
        let audit = AccessAudit.record(.listAppointments, by: caller, in: Array(appointments.prefix(count)))
        let rows = try await desk.store.data.batch([ClinicCatalogs.version] + audit)
        let catalog = try await desk.catalogs.catalog(of: desk.store, asOf: rows[0])
        return appointments.map { AppointmentView($0, catalog) }
    }
}
