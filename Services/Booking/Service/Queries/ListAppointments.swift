import BookingDomain
import EventLoop
import Postgres
import Primitives
import Scheduling
import Tenancy

/// Lists appointments by start. The list may be a moment old: nothing is decided by it.
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

    /// At most `count` appointments behind `position`; patients see what they took or what was
    /// taken for them.
    @EventLoop func callAsFunction(
        _ filter: Filter, after position: Position?, count: Int, caller: Caller
    ) async throws -> [AppointmentView] {
        let owner = caller.isPatient ? caller.account : nil
        let rows = try await desk.store.data.read(
            """
            SELECT \(AppointmentRow.columns) FROM appointments
            WHERE (\(filter.from)::timestamptz IS NULL OR starts_at >= \(filter.from))
                AND (\(filter.to)::timestamptz IS NULL OR starts_at < \(filter.to))
                AND (\(filter.practitioner)::uuid IS NULL OR practitioner = \(filter.practitioner))
                AND (\(filter.patient)::uuid IS NULL OR patient = \(filter.patient))
                AND (\(filter.status)::text IS NULL OR status = \(filter.status))
                AND (\(owner)::uuid IS NULL OR owner = \(owner)
                    OR patient IN (SELECT id FROM patients WHERE account = \(owner)))
                AND (\(position?.start)::timestamptz IS NULL
                    OR (starts_at, id) > (\(position?.start)::timestamptz, \(position?.id)::uuid))
            ORDER BY starts_at, id LIMIT \(count)
            """)
        let catalog = try await desk.catalogs.catalog(of: desk.store)
        return try rows.map { AppointmentView(try AppointmentRow($0).appointment, catalog) }
    }
}
