import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Primitives
import Runtime
import ServiceHost
import Tenancy

/// Measures how long publications take, and records those that are late (A2).
@EventLoop
final class LatencyMonitor {
    /// The shortest time between two anomalies of one tenant.
    private static let alarmPause: Duration = .seconds(60)

    private let context: ServiceContext
    private let offices: Offices
    private let anomalies: AnomalyRecorder
    /// From the event to the moment at which all readers can see its effect.
    private let latencies: Histogram
    private let log = Logger("publication")
    /// When each tenant last had an anomaly.
    private var alarms: [TenantSlug: Instant] = [:]

    init(_ context: ServiceContext, _ offices: Offices, _ anomalies: AnomalyRecorder) {
        (self.context, self.offices, self.anomalies) = (context, offices, anomalies)
        latencies = context.platform.metrics.histogram(
            "guichet.publication.latency", "From a change in the central index to its being visible to all readers.")
    }

    /// Measures what has become visible.
    func measure(_ publications: [VisiblePublication], of store: TenantStore) async throws {
        for publication in publications { latencies.record(publication.latency) }
        guard let slowest = publications.max(by: { $0.latency < $1.latency }) else { return }
        guard slowest.latency > offices.latencyLimit(of: store.tenant.slug).duration else { return }
        try await warn(slowest, slowest.latency, store)
    }

    private func warn(_ late: VisiblePublication, _ latency: Duration, _ store: TenantStore) async throws {
        let (tenant, now) = (store.tenant.slug, context.now)
        guard alarms[tenant].map({ now - $0 > Self.alarmPause }) ?? true else { return }
        alarms[tenant] = now
        log.warning("a publication came late", [.duration: latency, .event: late.event, .name: tenant])
        let detail = "Publication visible après \(Int(latency / .milliseconds(1))) ms."
        do {
            try await anomalies.record(
                Anomaly(kind: .latency, day: late.day, event: late.event, detail: detail), of: store)
        } catch {
            alarms[tenant] = nil
            throw error
        }
    }
}

extension LogField {
    /// The event of a line.
    static let event = LogField("event_id")
}
