import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Runtime
import Tenancy

/// Surveys the facts that wait in all schemas of a service, for its metrics, and handles those whose turn it is.
@EventLoop
final class FactSweep {
    private let directory: TenantDirectory
    private let release: FactRelease
    private let requests: ReplayRequests
    private let log = Logger("facts")
    private let held: Gauge
    private let waiting: Gauge
    private let overdue: Gauge
    private let oldest: Gauge
    /// Schemas whose long wait was logged.
    private var reported: Set<String> = []

    init(
        _ directory: TenantDirectory, _ release: FactRelease, _ requests: ReplayRequests, _ metrics: MetricsRegistry
    ) {
        (self.directory, self.release, self.requests) = (directory, release, requests)
        held = metrics.gauge("messaging.facts.held", "Facts that wait for their predecessor, as of the last sweep.")
        waiting = metrics.gauge("messaging.facts.waiting", "Aggregates of which facts wait.")
        overdue = metrics.gauge("messaging.facts.overdue", "Aggregates of which a fact has waited for over an hour.")
        oldest = metrics.gauge("messaging.facts.oldest", unit: .seconds, "Age of the fact that has waited longest.")
    }

    /// - Parameter isAsking: whether publishers are asked for what is missing.
    func callAsFunction(asking isAsking: Bool) async {
        guard !requests.facts.isEmpty else { return }
        var counts = FactCounts()
        do {
            try await directory.onEachServer { [self] round in
                let rows = try await round.queryAll(round.schemas) { "SELECT * FROM waiting_facts(\($0)::text[])" }
                let places =
                    (round.registry.map { [EventHandling.Place(store: $0.inBackground, tenant: nil)] } ?? [])
                    + (round.tenants + round.closed).map(EventHandling.Place.init)
                for place in places {
                    let found = try rows[place.store.schema].map(FactCounts.init) ?? FactCounts()
                    counts.add(found)
                    report(found, in: place.store.schema.description)
                    guard rows[place.store.schema] != nil else { continue }
                    release.wake(place)
                    if isAsking, found.held > 0 { await askForMissing(at: place) }
                }
                if isAsking { try await requests.askForHistories(in: round) }
            }
        } catch {
            log.warning("some schemas could not be surveyed", [.error: String(reflecting: error)])
        }
        held.set(Double(counts.held))
        waiting.set(Double(counts.aggregates))
        overdue.set(Double(counts.overdue))
        oldest.set(Double(counts.seconds))
    }

    private func askForMissing(at place: EventHandling.Place) async {
        do {
            try await requests.askForMissing(in: place.store, place.tenant?.tenant.slug ?? .platform)
        } catch {
            log.warning("missing facts are asked for later", [.error: String(reflecting: error)])
        }
    }

    /// Logs once that aggregates of a schema wait for long.
    private func report(_ counts: FactCounts, in schema: String) {
        guard counts.overdue > 0 else {
            reported.remove(schema)
            return
        }
        guard reported.insert(schema).inserted else { return }
        log.error(
            "aggregates have waited for a fact for over an hour", [.name: schema, .count: counts.overdue])
    }
}

/// What waits in a schema, or in several.
private struct FactCounts {
    var (held, aggregates, overdue, seconds) = (0, 0, 0, 0)

    init() {}

    init(_ row: Row) throws {
        held = try row.get("held")
        aggregates = try row.get("aggregates")
        overdue = try row.get("overdue")
        seconds = try row.find("seconds") ?? 0
    }

    mutating func add(_ other: FactCounts) {
        held += other.held
        aggregates += other.aggregates
        overdue += other.overdue
        seconds = max(seconds, other.seconds)
    }
}
