import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling

/// Follows appointments to what their events say, and notes the days that they touch.
///
/// An event carries the whole appointment, so a repetition or an older one changes nothing. One that comes too early
/// tells that another was lost: what this appointment takes is certain, but the days it touches are withheld until
/// Booking has reported them.
@EventLoop
struct FollowAppointments {
    /// What one event says, and that event.
    struct News: Sendable {
        let entry: AgendaEntry
        let cause: Cause
    }

    let desk: Desk
    let transaction: Transaction

    /// - Parameter news: in the order of the events.
    func callAsFunction(_ news: [News]) async throws {
        let zone = try await desk.calendars.zone(of: desk.store)
        var known = Dictionary(
            try await transaction.query(Placements.find(news.map(\.entry.appointment))).map(Placement.init).map {
                ($0.appointment, (version: $0.version, blocked: $0.blocked))
            }, uniquingKeysWith: { $1 })
        var (entries, touched, doubts): ([AgendaEntry], [Journal.Note], [SQL]) = ([], [], [])
        for item in news {
            let (entry, before) = (item.entry, known[item.entry.appointment])
            guard entry.version > before?.version ?? 0 else { continue }
            let taken = try entry.taken?.blocked.range
            let days = Set(
                [before?.blocked, taken].compactMap { $0 }.flatMap { DayView.days(touchedBy: $0, in: zone) }
            ).sorted()
            if entry.version > (before?.version ?? 0) + 1 { doubts += try doubt(days, item) }
            entries.append(entry)
            touched.append(Journal.Note(cause: item.cause, days: days))
            if let blocked = taken ?? before?.blocked { known[entry.appointment] = (entry.version, blocked) }
        }
        guard !entries.isEmpty else { return }
        transaction.later(Placements.follow(entries) + [Journal.record(touched)] + doubts)
    }

    private func doubt(_ days: [LocalDay], _ news: News) throws -> [SQL] {
        try [Days.withhold(days, because: .gap)]
            + Anomalies.record(
                .gap, day: days.first, event: news.cause.id,
                "Une version manque avant la version \(news.entry.version) d’un rendez-vous ; la journée est recalculée.",
                tenant: desk.tenant, at: desk.now(), causation: news.cause.event(of: desk.tenant))
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
