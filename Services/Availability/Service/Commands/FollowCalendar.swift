import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Stores a new calendar. The days are updated afterwards, the next ones first: see ``RefreshDays``.
@EventLoop
struct FollowCalendar {
    let context: ServiceContext
    let calendars: Calendars

    init(_ context: ServiceContext, _ calendars: Calendars) { (self.context, self.calendars) = (context, calendars) }

    /// A calendar that is older than the present one changes nothing. With the first calendar the appointments are not
    /// known yet, so all days wait for a report.
    func callAsFunction(
        _ snapshot: CalendarSnapshot, because cause: Cause, of store: TenantStore, in transaction: Transaction
    ) async throws {
        let (known, generation) = try await transaction.ask(CalendarRows.lockedVersion, BookingGeneration.locked)
        guard known.map({ $0.number < snapshot.version }) ?? true else { return }
        let version = EntityVersion(generation: generation, number: snapshot.version)
        let calendar = try await calendars.keep(snapshot, version: version, of: store)
        let now = context.now
        try await transaction.batch([
            CalendarRows.store(snapshot, zone: store.tenant.timeZone, because: cause),
            Days.open(OpenDays.days(of: calendar, at: now), doubt: known == nil ? .unknown : nil, at: now),
        ])
    }
}
