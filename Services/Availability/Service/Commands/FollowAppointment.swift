import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling

/// Follows one appointment to what its event says, and notes the days that it touches.
///
/// The event carries the whole appointment, so a repetition or an older one changes nothing. One that comes too early
/// tells that another was lost: what this appointment takes is certain, but the days it touches are withheld until
/// Booking has reported them.
@EventLoop
struct FollowAppointment {
    let desk: Desk
    let transaction: Transaction

    func callAsFunction(_ entry: AgendaEntry, because cause: Cause) async throws {
        let zone = try await desk.calendars.zone(of: desk.store)
        let known = try await transaction.query(Placements.find([entry.appointment])).first.map(Placement.init)
        let before = known?.version ?? 0
        guard entry.version > before else { return }
        let touched = [known?.blocked, try entry.taken?.blocked.range].compactMap { $0 }
        let days = Set(touched.flatMap { DayView.days(touchedBy: $0, in: zone) }).sorted()
        let doubts = entry.version > before + 1 ? try doubt(days, entry, cause) : []
        try await transaction.batch([Placements.follow(entry), Journal.note(cause, days)] + doubts)
    }

    private func doubt(_ days: [LocalDay], _ entry: AgendaEntry, _ cause: Cause) throws -> [SQL] {
        try [Days.withhold(days, because: .gap)]
            + Anomalies.record(
                .gap, day: days.first, event: cause.id,
                "Une version manque avant la version \(entry.version) d’un rendez-vous ; la journée est recalculée.",
                tenant: desk.tenant, at: desk.now(), causation: cause.event(of: desk.tenant))
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
