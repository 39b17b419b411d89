import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling
import Tenancy

/// Opens the days that have come within the horizon since yesterday, and forgets those that are past.
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
        let entries = try await desk.store.data.inBackground.transaction { transaction -> [DayEntry] in
            let version = try await transaction.query(Calendars.lockedVersion)
            guard let calendar = try await desk.calendars.calendar(of: desk.store, asOf: version, in: transaction)
            else { return [] }
            let days = Self.days(of: calendar, at: now)
            let last = try await transaction.query("SELECT max(day)::text AS day FROM days")[0]
            let first = try last.find("day", as: String.self).flatMap { LocalDay($0) }
            try await transaction.batch([
                Days.open(days, doubt: nil), Days.prune(before: days.lowerBound),
                Placements.prune(before: now - .seconds(3 * 86_400)), Journal.prune, Anomalies.prune,
                CareAlerts.prune(before: now),
            ])
            let cause = Cause("horizon", at: now)
            let update = UpdateDays(desk: desk, transaction: transaction, calendar: calendar, cause: cause)
            let from = max(days.lowerBound, first?.advanced(by: 1) ?? days.lowerBound)
            return from > days.upperBound ? [] : try await update(Array(from...days.upperBound))
        }
        desk.committed(entries)
    }
}
