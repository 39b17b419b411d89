import BookingDomain
import EventLoop
import HTTPServer
import Postgres
import Primitives
import Tenancy

/// Lists appointments by start, page by page. The list may be a moment old: nothing is decided by it.
struct ListAppointments {
    let desk: Desk
    let cursors: CursorCodec

    @EventLoop init(_ desk: Desk, cursors: CursorCodec) { (self.desk, self.cursors) = (desk, cursors) }

    /// The sort key of the last appointment of a page.
    private struct Position: Codable {
        let start: Instant
        let id: Identifier<Appointment>
    }

    @EventLoop func callAsFunction(_ query: AppointmentsQuery, caller: Caller) async throws -> Page<AppointmentView> {
        let limit = query.limit ?? .standard
        let purpose = "appointments \(desk.store.data.schema) \(caller.account)"
        let after = try query.cursor.map { try cursors.key(Position.self, from: $0, in: purpose) }
        let owner = caller.isPatient ? caller.account : nil
        let rows = try await desk.store.data.read(
            """
            SELECT \(AppointmentRow.columns) FROM appointments
            WHERE (\(query.from)::timestamptz IS NULL OR starts_at >= \(query.from))
                AND (\(query.to)::timestamptz IS NULL OR starts_at < \(query.to))
                AND (\(query.practitioner)::uuid IS NULL OR practitioner = \(query.practitioner))
                AND (\(query.patient)::uuid IS NULL OR patient = \(query.patient))
                AND (\(query.status)::text IS NULL OR status = \(query.status))
                AND (\(owner)::uuid IS NULL OR owner = \(owner))
                AND (\(after?.start)::timestamptz IS NULL
                    OR (starts_at, id) > (\(after?.start)::timestamptz, \(after?.id)::uuid))
            ORDER BY starts_at, id LIMIT \(limit.value + 1)
            """)
        let catalog = try await desk.catalogs.catalog(of: desk.store)
        let views = try rows.map { AppointmentView(try AppointmentRow($0).appointment, catalog) }
        return try Page(views, limit: limit) { last in
            try cursors.cursor(after: Position(start: last.start, id: last.id), in: purpose)
        }
    }
}
