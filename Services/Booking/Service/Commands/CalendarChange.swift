import BookingDomain
import EventLoop
import GuichetProtocol
import Idempotency
import Messaging
import Postgres
import Primitives
import Scheduling
import Tenancy

/// An open change of the calendar: a transaction that also raises the calendar's version, so that every process drops
/// its copy, and tells the others. Changes of one calendar wait for each other and for the bookings under way.
@EventLoop
struct CalendarChange {
    let transaction: Transaction
    /// The calendar's version with this change.
    let version: Int
    private let tenant: TenantProfile
    private let zone: ZoneOffsets
    private let now: Instant

    /// Runs `body` inside a change, once for each key.
    static func make<View: Codable & Sendable>(
        at desk: Desk, key: IdempotencyRecord? = nil, _ body: @EventLoop (CalendarChange) async throws -> View
    ) async throws -> View {
        // Before the transaction, for it may need a session of its own.
        let zone = try await desk.catalogs.zone(of: desk.store)
        let view = try await desk.store.data.once(key) { transaction in
            let rows = try await transaction.batch([
                "SELECT lock_calendar()", "UPDATE calendar SET version = version + 1 RETURNING version",
            ])
            let change = CalendarChange(
                transaction: transaction, version: try rows[1][0].get("version"), tenant: desk.store.tenant, zone: zone,
                now: desk.now())
            let view = try await body(change)
            try await change.announce()
            return view
        }
        desk.relay.wake(desk.store.data)
        return view
    }

    /// Records the calendar as this change leaves it.
    private func announce() async throws {
        let calendar = try await CalendarSnapshot.read(of: tenant, zone: zone, at: now, in: transaction)
        try await transaction.query(PublishedEvents.record(calendar, tenant: tenant.slug, at: now))
    }

    /// The appointments to come that lie outside the hours as this change leaves them, by start: of one resource or of
    /// all, on one day or on all. The change stands; somebody has to move them or talk to the patients.
    func conflicts(
        of resource: Identifier<Resource>? = nil, on day: LocalDay? = nil
    ) async throws -> [Identifier<Appointment>] {
        let from = max(now, day.map { zone.firstInstant($0, .midnight) } ?? now)
        let to = day.map { zone.firstInstant($0.advanced(by: 1), .midnight) }
        let appointments = try await transaction.query(
            """
            SELECT \(AppointmentRow.columns) FROM appointments
            WHERE status IN ('held', 'confirmed') AND ends_at > \(from)
                AND (\(to)::timestamptz IS NULL OR starts_at < \(to))
                AND (\(resource)::uuid IS NULL OR practitioner = \(resource) OR room = \(resource))
            ORDER BY starts_at, id
            """
        ).map { try AppointmentRow($0).appointment }
        let calendar = CalendarRows(try await transaction.batch(CalendarRows.statements()))
        let clinic = try calendar.catalog(of: tenant, zone: zone).clinic
        let outside = Set(clinic.outsideHours(appointments.map(\.slot)))
        return appointments.filter { outside.contains($0.slot) }.map(\.id)
    }
}
