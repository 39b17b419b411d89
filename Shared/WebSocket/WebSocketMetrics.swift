import EventLoop
import Runtime

/// The instruments of one endpoint, by its name.
@EventLoop
struct WebSocketMetrics {
    private let received: Counter
    private let sent: Counter
    private let slowReaders: Counter
    private let lost: Counter

    nonisolated init(
        _ endpoint: String, _ metrics: MetricsRegistry, connections: @escaping @EventLoop @Sendable () -> Int
    ) {
        let messages = metrics.counter("websocket.messages", by: ["endpoint", "direction"], "Messages of clients.")
        (received, sent) = (messages[endpoint, "received"], messages[endpoint, "sent"])
        let cut = metrics.counter(
            "websocket.cut_connections", by: ["endpoint", "reason"], "Connections that were cut.")
        (slowReaders, lost) = (cut[endpoint, "slow_reader"], cut[endpoint, "no_pong"])
        metrics.gauge("websocket.open_connections", by: ["endpoint"], "Connections that are open.")[endpoint]
            .observe { Double(connections()) }
    }

    func countReceived(_ count: Int) { received.increment(by: count) }
    func countSent() { sent.increment() }
    func countSlowReader() { slowReaders.increment() }
    func countLost() { lost.increment() }
}
