import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling

/// Follows one appointment to what its event says, and shows the effect on the days that it touches.
///
/// The event carries the whole appointment, so a repetition or an older one changes nothing. One that comes too early
/// tells that another was lost: what this appointment takes is certain, but the days it touches are withheld until
/// Booking has reported them.
@EventLoop
struct FollowAppointment {
    let desk: Desk
    let transaction: Transaction

    func callAsFunction(_ entry: AgendaEntry, because cause: Cause) async throws -> [DayEntry] {
        let rows = try await transaction.batch([Calendars.keptVersion, Placements.find([entry.appointment])])
        let known = try rows[1].first.map(Placement.init)
        guard let calendar = try await desk.calendars.calendar(of: desk.store, asOf: rows[0], in: transaction) else {
            // Nothing is shown of this tenant yet; this is remembered for when it is.
            try await transaction.query(Placements.follow(entry))
            return []
        }
        let before = known?.version ?? 0
        guard entry.version > before else { return [] }
        let touched = [known?.blocked, try entry.taken?.blocked.range].compactMap { $0 }
        let days = Set(touched.flatMap { DayView.days(touchedBy: $0, in: calendar.clinic.zone) }).sorted()
        let hasGap = entry.version > before + 1
        let update = UpdateDays(desk: desk, transaction: transaction, calendar: calendar, cause: cause)
        var changes = [Placements.follow(entry)]
        if hasGap {
            changes += try Anomalies.record(
                .gap, day: days.first, event: cause.id,
                "Une version manque avant la version \(entry.version) d’un rendez-vous ; la journée est recalculée.",
                tenant: desk.tenant, at: desk.now(), causation: cause.envelope)
        }
        return try await update(days, after: changes, trust: hasGap ? .lost(.gap) : .unchanged)
    }
}

extension BlockedTime {
    /// Throws ``UnreadableTime`` when it is empty.
    var range: TimeRange {
        get throws {
            guard let range = TimeRange(from, to) else { throw UnreadableTime() }
            return range
        }
    }
}

/// A stretch of time that ends before it begins.
struct UnreadableTime: Error {}
