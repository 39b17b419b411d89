import EventLoop
import Runtime

/// The instruments of one endpoint, by its name.
@EventLoop
struct EventStreamMetrics {
    private let sent: Counter
    private let ended: [EventStream.End: Counter]

    nonisolated init(
        _ endpoint: String, _ metrics: MetricsRegistry, connections: @escaping @EventLoop @Sendable () -> Int
    ) {
        sent = metrics.counter("event_stream.events", by: ["endpoint"], "Events sent, to each client.")[endpoint]
        let ends = metrics.counter(
            "event_stream.ended_connections", by: ["endpoint", "reason"], "Streams that have ended.")
        ended = Dictionary(uniqueKeysWithValues: EventStream.End.allCases.map { ($0, ends[endpoint, $0.rawValue]) })
        metrics.gauge("event_stream.open_connections", by: ["endpoint"], "Streams that are open.")[endpoint]
            .observe { Double(connections()) }
    }

    func countSent() { sent.increment() }
    func countEnd(_ end: EventStream.End) { ended[end]?.increment() }
}
