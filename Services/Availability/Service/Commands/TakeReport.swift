import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Corrects what Booking's report says is different (UC102.D); the days that waited for it are trusted again after
/// their update.
@EventLoop
struct TakeReport {
    let context: ServiceContext
    let calendars: Calendars
    let followCalendar: FollowCalendar

    init(_ context: ServiceContext, _ calendars: Calendars, _ followCalendar: FollowCalendar) {
        (self.context, self.calendars, self.followCalendar) = (context, calendars, followCalendar)
    }

    /// Returns the appointments of which the report has a newer version than the events so far, unless the service hears of
    /// their day for the first time.
    func callAsFunction(
        _ report: AgendaReported, id: ReportID, because cause: Cause, of store: TenantStore,
        in transaction: Transaction
    ) async throws -> [KnownAppointment] {
        if let snapshot = report.calendar {
            try await followCalendar(snapshot, because: cause, of: store, in: transaction)
        }
        let zone = try await calendars.zone(of: store)
        let (answered, known) = try await transaction.ask(
            Days.answer(id, whole(try report.window.range, zone)), Placements.find(report.entries.map(\.appointment)))
        let news = report.entries.filter { $0.version > known[$0.appointment]?.version ?? 0 }
        let touched = try news.flatMap { entry in
            [known[entry.appointment]?.blocked, try entry.taken?.blocked.range].compactMap { $0 }
        }
        let days = Set(answered.map(\.day) + touched.flatMap { DayView.days(touchedBy: $0, in: zone) }).sorted()
        try await transaction.batch(
            Placements.follow(news) + [Journal.record([Journal.Note(cause: cause, days: days)])])
        let isIntroduction = answered.contains { $0.doubt == .unknown }
        return isIntroduction ? [] : news.map { KnownAppointment(id: $0.appointment, version: $0.version) }
    }

    /// The days that the report covers as a whole: its window contains the reach of their slots.
    private func whole(_ window: TimeRange, _ zone: ZoneOffsets) -> [LocalDay] {
        (zone.local(window.start).day...zone.local(window.end).day).filter { day in
            DayView.reach(of: day...day, in: zone).map(window.contains) ?? true
        }
    }
}
