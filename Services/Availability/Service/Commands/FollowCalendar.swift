import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Tenancy

/// Takes over another calendar. The days follow it afterwards, the next ones first: see ``RefreshDays``.
@EventLoop
struct FollowCalendar {
    let desk: Desk
    let transaction: Transaction

    /// An older calendar than the one that is known changes nothing. With the first one nothing is known of the agenda
    /// yet, so all days wait for a report.
    func callAsFunction(_ snapshot: CalendarSnapshot, because cause: Cause) async throws {
        let rows = try await transaction.query(Calendars.lockedVersion)
        let known: Int? = try rows.first?.get("version")
        guard known.map({ $0 < snapshot.version }) ?? true else { return }
        let calendar = try await desk.calendars.keep(snapshot, of: desk.store)
        try await transaction.batch([
            Calendars.store(snapshot, zone: desk.store.tenant.timeZone, because: cause),
            Days.open(OpenDays.days(of: calendar, at: desk.now()), doubt: known == nil ? .unknown : nil),
        ])
    }
}
