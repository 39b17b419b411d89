import EventLoop
import Runtime

/// The instruments of one server of Socket.IO, by its name.
@EventLoop
struct SocketMetrics {
    private let received: Counter
    private let recovered: Counter
    private let unrecoverable: Counter
    private let refused: Counter

    init(_ name: String, _ metrics: MetricsRegistry) {
        received = metrics.counter("socketio.received_events", by: ["server"], "Events of clients.")[name]
        let connections = metrics.counter(
            "socketio.reconnections", by: ["server", "outcome"], "Clients that tried to go on after a lost connection.")
        (recovered, unrecoverable) = (connections[name, "recovered"], connections[name, "new_session"])
        refused =
            metrics.counter(
                "socketio.refused_connections", by: ["server"], "Connections that the application refused.")[name]
    }

    func countReceived() { received.increment() }
    func countRecovered() { recovered.increment() }
    func countUnrecoverable() { unrecoverable.increment() }
    func countRefused() { refused.increment() }
}
