import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling
import Tenancy

/// Opens the days that have come within the horizon since yesterday, and forgets those that are past. New days are looked
/// at afterwards: see ``RefreshDays``.
@EventLoop
struct OpenDays {
    let desk: Desk

    /// Yesterday, for those west of the clinic, to the first day beyond the horizon: it is there before it can be booked.
    static func days(of calendar: Calendar, at now: Instant) -> ClosedRange<LocalDay> {
        let today = calendar.clinic.zone.local(now).day
        return today.advanced(by: -1)...today.advanced(by: calendar.clinic.rules.horizonDays + 1)
    }

    func callAsFunction() async throws {
        let desk = self.desk
        let now = desk.now()
        try await desk.store.data.inBackground.transaction { transaction in
            let version = try await transaction.query(Calendars.lockedVersion)
            guard let calendar = try await desk.calendars.calendar(of: desk.store, asOf: version, in: transaction)
            else { return }
            let days = Self.days(of: calendar, at: now)
            try await transaction.batch([
                Days.open(days, doubt: nil), Days.prune(before: days.lowerBound),
                Placements.prune(before: now - .seconds(3 * 86_400)), Journal.prune, Anomalies.prune,
                CareAlerts.prune(before: now),
            ])
        }
    }
}
