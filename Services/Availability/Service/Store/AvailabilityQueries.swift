import AvailabilityDomain
import GuichetProtocol
import Postgres
import Primitives
import Scheduling

/// A sample of each statement of Availability. A test has PostgreSQL plan them.
enum AvailabilityQueries {
    private static let now = Instant(seconds: 1_800_000_000)
    private static let day = LocalDay(daysSinceEpoch: 20_000)
    private static let cause = Cause("sample", at: now)
    private static let window = BlockedTime(from: now, to: now + .seconds(1800))
    private static let entry = DayEntry(
        key: DayKey(tenant: "cabinet", day: day), version: 1, content: .view("30 1764547200"))

    /// The statements about a tenant's schema.
    static func ofTenant() throws -> [SQL] {
        let queries = days + journal + (try placementsAndAlerts())
        return queries.compactMap { $0 }
    }

    /// The statements about the service's own schema.
    static let ofRegistry: [SQL] = [
        OfficeRows.changed(after: now).statement, OfficeRows.find("cabinet").statement, OfficeRows.remove("cabinet"),
        CacheServer.run.statement,
        CacheServer.store(run: "run"), Anomalies.prune(at: now),
    ].compactMap { $0 }

    private static let days: [SQL?] =
        [
            Days.outdated(limit: 2).statement, Days.open(day...day, doubt: .gap, at: now),
            Days.open(day...day, doubt: nil, at: now), Days.agree([day], with: 2),
            Days.trusted([day]).statement,
            Days.write([.init(day: day, number: 2, view: "", isWithheld: false)], calendarVersion: 1, at: now),
            Days.entries([day], of: "cabinet").statement,
            Days.changed([day], since: now).statement, Days.state(of: day).statement,
            Days.states(after: day, areDoubted: true, limit: 2).statement, Days.count.statement, Days.all.statement,
            Days.prune(before: day),
            Days.withhold([day], because: .requested, at: now), Days.overdue(at: now).statement,
            Days.asked([day], report: .new(), nextAt: now), Days.answer(.new(), [day]).statement, Days.trust([day]),
            Days.uncached(of: "cabinet").statement, Days.cachedVersions.statement, Days.cached([entry]).statement,
            Days.uncache([day]), CalendarRows.sharedVersion.statement, CalendarRows.lockedVersion.statement,
            CalendarRows.horizon.statement, CalendarRows.snapshot.statement, CalendarRows.cause.statement,
            OutstandingWork.find(in: ["availability_cabinet"], at: now),
            OutstandingWork.urgent(in: ["availability_cabinet"]), BookingGeneration.enter(2).statement,
            BookingGeneration.locked.statement,
        ] + BookingGeneration.reset(at: now)

    private static let journal: [SQL?] = [
        Journal.record([Journal.Note(cause: cause, days: [day])]), Journal.pending([day]).statement,
        Journal.done([Journal.Done(id: 1, version: 2, outcome: .published, isVisible: true)], at: now),
        Journal.record(
            [Journal.Line(cause: cause, day: day, version: 2, outcome: .published, isVisible: false)], at: now),
        Journal.prune(at: now),
        Journal.visible([SeenEntry(entry: entry, instant: now)]).statement, Journal.allVisible(at: now).statement,
        Journal.latencies(at: now).statement,
        Journal.list(
            .init(eventID: .new(), day: day, from: now, to: now, outcome: .published), before: 3, count: 2),
        Anomalies.list(
            .init(kind: .gap, from: now, to: now), before: .init(at: now, id: .new()), count: 2),
        Anomalies.prune(at: now),
    ]

    private static func placementsAndAlerts() throws -> [SQL?] {
        let taken = TakenTime(practitioner: .new(), room: .new(), blocked: window)
        let entries = [taken, nil].map { AgendaEntry(appointment: .new(), version: 1, changedAt: now, taken: $0) }
        let range = try window.range
        let alert = CareAlert(
            id: .new(), subscriber: .new(), careType: .consultation, practitioner: .new(), window: range)
        let queries: [SQL?] =
            [
                Placements.find([.new()]).statement, Placements.meeting(window).statement,
                Placements.isShown(.new(), version: 1).statement,
                Placements.allocations(of: [(day: day, reach: range)]).statement, Placements.prune(before: now),
                CareAlerts.waiting(in: range, at: now).statement, CareAlerts.count([.new()], at: now).statement,
                CareAlerts.own(alert.subscriber, at: now).statement, CareAlerts.lock(alert.subscriber).statement,
                CareAlerts.insert(alert, at: now), CareAlerts.delete(alert.id, of: alert.subscriber).statement,
                CareAlerts.prune(at: now),
            ] + CareAlerts.traces(of: .new()).map(Optional.some)
        let anomaly = Anomaly(kind: .gap, day: day, event: .new(), detail: "Exemple.")
        return queries + Placements.follow(entries).map(Optional.some)
            + (try Anomalies.record(anomaly, tenant: "cabinet", at: now)).map(Optional.some)
    }
}
