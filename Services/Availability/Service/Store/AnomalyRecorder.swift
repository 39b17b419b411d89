import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Runtime
import ServiceHost
import Tenancy

/// Records anomalies that no transaction of an event notices: counts them, stores them and publishes their events.
@EventLoop
struct AnomalyRecorder {
    private let context: ServiceContext
    private let counts: MetricFamily<Counter>
    private let log = Logger("anomalies")

    init(_ context: ServiceContext) {
        self.context = context
        counts = context.platform.metrics.counter(
            "guichet.publication.anomalies", by: ["kind"], "Anomalies noted, by kind.")
    }

    /// Records an anomaly of one tenant.
    func record(_ anomaly: Anomaly, of store: TenantStore) async throws {
        try await record(anomaly, store.tenant.slug, in: store.data)
    }

    /// Records an anomaly that concerns no single tenant.
    func record(_ anomaly: Anomaly) async throws {
        try await record(anomaly, .platform, in: context.registry)
    }

    /// Records that entries of the cache were damaged or outdated. Returns at once.
    func reportCorruption(of keys: [DayKey]) {
        for (tenant, keys) in Dictionary(grouping: keys, by: \.tenant) {
            log.warning("damaged entries in the cache", [.name: tenant, .count: keys.count])
            let detail = "\(keys.count) entrée(s) du cache étaient altérées et ont été recalculées."
            let anomaly = Anomaly(kind: .corruptCache, day: keys.map(\.day).min(), detail: detail)
            EventLoop.start {
                do {
                    try await record(anomaly, of: context.store(for: tenant))
                } catch {
                    log.warning("an anomaly could not be recorded", [.error: String(reflecting: error)])
                }
            }
        }
    }

    private func record(_ anomaly: Anomaly, _ tenant: TenantSlug, in data: SchemaStore) async throws {
        counts[anomaly.kind.rawValue].increment()
        try await data.inBackground.batch(Anomalies.record(anomaly, tenant: tenant, at: context.now))
        context.eventsCommitted(in: data)
    }
}
