import AvailabilityDomain
import EventLoop
import Postgres
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Inserts the days that have come within the horizon, and removes past days and old records. New days are updated
/// afterwards: see ``RefreshDays``.
@EventLoop
struct OpenDays {
    let context: ServiceContext
    let calendars: Calendars

    init(_ context: ServiceContext, _ calendars: Calendars) { (self.context, self.calendars) = (context, calendars) }

    /// From yesterday, for readers west of the clinic, to the first day beyond the horizon: it exists before it can be
    /// booked.
    static func days(of calendar: Calendar, at now: Instant) -> ClosedRange<LocalDay> {
        let today = calendar.clinic.zone.local(now).day
        return today.advanced(by: -1)...today.advanced(by: calendar.clinic.rules.horizonDays + 1)
    }

    func callAsFunction(_ store: TenantStore) async throws {
        let now = context.now
        try await store.data.inBackground.transaction { transaction in
            let version = try await transaction.ask(CalendarRows.lockedVersion)
            guard let calendar = try await calendars.calendar(of: store, version: version, in: transaction) else {
                return
            }
            let days = Self.days(of: calendar, at: now)
            try await transaction.batch([
                Days.open(days, doubt: nil, at: now), Days.prune(before: days.lowerBound),
                Placements.prune(before: now - .seconds(3 * 86_400)), Journal.prune(at: now), Anomalies.prune(at: now),
                CareAlerts.prune(at: now),
            ])
        }
    }
}
