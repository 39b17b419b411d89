import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling
import Tenancy

/// Takes over another calendar and shows its effect on every day within the horizon.
@EventLoop
struct FollowCalendar {
    let desk: Desk
    let transaction: Transaction

    /// An older calendar than the one that is known changes nothing. With the first one nothing is known of the agenda
    /// yet, so all days wait for a report.
    func callAsFunction(_ snapshot: CalendarSnapshot, because cause: Cause) async throws -> [DayEntry] {
        let rows = try await transaction.query(Calendars.lockedVersion)
        let known: Int? = try rows.first?.get("version")
        guard known.map({ $0 < snapshot.version }) ?? true else { return [] }
        try await transaction.query(Calendars.store(snapshot, zone: desk.store.tenant.timeZone))
        let calendar = try await desk.calendars.keep(snapshot, of: desk.store)
        let days = OpenDays.days(of: calendar, at: desk.now())
        try await transaction.query(Days.open(days, doubt: known == nil ? .unknown : nil))
        let update = UpdateDays(desk: desk, transaction: transaction, calendar: calendar, cause: cause)
        // Days beyond the horizon that were opened under another calendar change, too.
        let furthest = try await transaction.query("SELECT max(day)::text AS day FROM days")[0]
        let last = max(days.upperBound, try Days.day(furthest))
        return try await update(Array(days.lowerBound...last))
    }
}
