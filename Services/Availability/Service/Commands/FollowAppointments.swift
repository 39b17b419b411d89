import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Updates appointments to what their events say, and records the days that they touch.
///
/// An event carries the whole appointment, so a repetition or an older event changes nothing. If a version is missing
/// before an event, another event was lost: what this appointment takes is certain, but the days that it touches are
/// withheld until Booking has reported them.
@EventLoop
struct FollowAppointments {
    /// One event, and what it says.
    struct News: Sendable {
        let entry: AgendaEntry
        let cause: Cause
        /// The time of the appointment, also if it takes none any more.
        let place: TimeRange
    }

    let context: ServiceContext
    let calendars: Calendars

    init(_ context: ServiceContext, _ calendars: Calendars) { (self.context, self.calendars) = (context, calendars) }

    /// - Parameter news: in the order of the events.
    func callAsFunction(_ news: [News], of store: TenantStore, in transaction: Transaction) async throws {
        let zone = try await calendars.zone(of: store)
        let placements = try await transaction.ask(Placements.find(news.map(\.entry.appointment)))
        var known = placements.mapValues { (version: $0.version, blocked: $0.blocked) }
        var (entries, touched, doubts): ([AgendaEntry], [Journal.Note], [SQL]) = ([], [], [])
        var late: [Journal.Note] = []
        for item in news {
            let (entry, before) = (item.entry, known[item.entry.appointment])
            let taken = try entry.taken?.blocked.range
            let days = Self.days(touchedBy: [before?.blocked ?? item.place, item.place], in: zone)
            guard entry.version > before?.version ?? 0 else {
                // A report was faster.
                late.append(Journal.Note(cause: item.cause, days: days))
                continue
            }
            if entry.version > (before?.version ?? 0) + 1 { doubts += try doubt(days, item, store.tenant.slug) }
            entries.append(entry)
            touched.append(Journal.Note(cause: item.cause, days: days))
            if let blocked = taken ?? before?.blocked { known[entry.appointment] = (entry.version, blocked) }
        }
        if !entries.isEmpty { transaction.later(Placements.follow(entries) + [Journal.record(touched)] + doubts) }
        if !late.isEmpty { transaction.later([Journal.recordMissing(late)]) }
    }

    /// Notes events in the journal that have no effect, because a newer one was followed before; once each.
    func note(_ late: [News], of store: TenantStore, in transaction: Transaction) async throws {
        let zone = try await calendars.zone(of: store)
        transaction.later([
            Journal.recordMissing(
                late.map { Journal.Note(cause: $0.cause, days: Self.days(touchedBy: [$0.place], in: zone)) })
        ])
    }

    private static func days(touchedBy times: [TimeRange], in zone: ZoneOffsets) -> [LocalDay] {
        Set(times.flatMap { DayView.days(touchedBy: $0, in: zone) }).sorted()
    }

    private func doubt(_ days: [LocalDay], _ news: News, _ tenant: TenantSlug) throws -> [SQL] {
        let (now, version) = (context.now, news.entry.version)
        let anomaly = Anomaly(
            kind: .gap, day: days.first, event: news.cause.id,
            detail: "Une version manque avant la version \(version) d’un rendez-vous ; la journée est recalculée.")
        return [Days.withhold(days, because: .gap, at: now)]
            + (try Anomalies.record(anomaly, tenant: tenant, at: now, causation: news.cause.event(of: tenant)))
    }
}
