import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling

/// Puts right what Booking's report says is otherwise (UC102.D), and trusts the days again that waited for it.
@EventLoop
struct TakeReport {
    /// A difference that is younger may be an event on its way; an older one is an event that got lost.
    private static let journey: Duration = .seconds(5)

    let desk: Desk
    let transaction: Transaction

    func callAsFunction(_ report: AgendaReported, because cause: Cause) async throws -> [DayEntry] {
        if let snapshot = report.calendar {
            try await FollowCalendar(desk: desk, transaction: transaction)(snapshot, because: cause)
        }
        let rows = try await transaction.batch([
            Calendars.keptVersion, Placements.find(report.entries.map(\.appointment)),
        ])
        guard let id = cause.envelope.flatMap({ ReportID($0.partitionkey) }),
            let calendar = try await desk.calendars.calendar(of: desk.store, asOf: rows[0], in: transaction)
        else { return [] }
        let known = Dictionary(
            try rows[1].map { row in
                let placement = try Placement(row)
                return (placement.appointment, placement)
            }, uniquingKeysWith: { $1 })
        let news = report.entries.filter { $0.version > known[$0.appointment]?.version ?? 0 }
        let days = try days(of: report.window.range, news, known, calendar)
        let update = UpdateDays(desk: desk, transaction: transaction, calendar: calendar, cause: cause)
        let changes = news.map(Placements.follow) + (try divergence(news, days, cause))
        return try await update(days, after: changes, trust: .regained(by: id))
    }

    /// The days of the window, and those that the news touch elsewhere.
    private func days(
        of window: TimeRange, _ news: [AgendaEntry], _ known: [AppointmentID: Placement], _ calendar: Calendar
    ) throws -> [LocalDay] {
        let zone = calendar.clinic.zone
        let touched = try news.flatMap { entry in
            [known[entry.appointment]?.blocked, try entry.taken?.blocked.range].compactMap { $0 }
        }
        let within = zone.local(window.start).day...zone.local(window.end).day
        return Set(Array(within) + touched.flatMap { DayView.days(touchedBy: $0, in: zone) }).sorted()
    }

    /// Says so when events got lost; of what nobody doubted before that is an anomaly.
    private func divergence(_ news: [AgendaEntry], _ days: [LocalDay], _ cause: Cause) throws -> [SQL] {
        let lost = news.filter { cause.time - $0.changedAt > Self.journey }
        guard !lost.isEmpty else { return [] }
        return try Anomalies.record(
            .divergence, day: days.first, event: cause.id,
            "\(lost.count) rendez-vous différaient de l’index central ; les journées touchées sont recalculées.",
            tenant: desk.tenant, at: desk.now(), causation: cause.envelope)
    }
}
