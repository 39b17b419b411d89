import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling

/// Puts right what Booking's report says is otherwise (UC102.D); the days that waited for it are trusted again once they
/// have been looked at.
@EventLoop
struct TakeReport {
    /// A difference that is younger may be an event on its way; an older one is an event that got lost.
    private static let journey: Duration = .seconds(5)

    let desk: Desk
    let transaction: Transaction

    func callAsFunction(_ report: AgendaReported, id: ReportID, because cause: Cause) async throws {
        if let snapshot = report.calendar {
            try await FollowCalendar(desk: desk, transaction: transaction)(snapshot, because: cause)
        }
        let zone = try await desk.calendars.zone(of: desk.store)
        let rows = try await transaction.batch([
            Days.answer(id, whole(try report.window.range, zone)), Placements.find(report.entries.map(\.appointment)),
        ])
        var known: [AppointmentID: Placement] = [:]
        for row in rows[1] {
            let placement = try Placement(row)
            known[placement.appointment] = placement
        }
        let news = report.entries.filter { $0.version > known[$0.appointment]?.version ?? 0 }
        let touched = try news.flatMap { entry in
            [known[entry.appointment]?.blocked, try entry.taken?.blocked.range].compactMap { $0 }
        }
        let days = Set(
            try rows[0].map { try Days.day($0) } + touched.flatMap { DayView.days(touchedBy: $0, in: zone) }
        ).sorted()
        try await transaction.batch(
            Placements.follow(news) + [Journal.record([Journal.Note(cause: cause, days: days)])]
                + (try divergence(news, days, cause)))
    }

    /// The days that the report is about as a whole: its window covers the reach of their slots.
    private func whole(_ window: TimeRange, _ zone: ZoneOffsets) -> [LocalDay] {
        (zone.local(window.start).day...zone.local(window.end).day).filter { day in
            DayView.reach(of: day...day, in: zone).map(window.contains) ?? true
        }
    }

    /// Says so when events got lost.
    private func divergence(_ news: [AgendaEntry], _ days: [LocalDay], _ cause: Cause) throws -> [SQL] {
        let lost = news.filter { cause.time - $0.changedAt > Self.journey }
        guard !lost.isEmpty else { return [] }
        return try Anomalies.record(
            .divergence, day: days.first, event: cause.id,
            "\(lost.count) rendez-vous différaient de l’index central ; les journées touchées sont recalculées.",
            tenant: desk.tenant, at: desk.now(), causation: cause.event(of: desk.tenant))
    }
}
