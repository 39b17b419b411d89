import EventLoop
import Runtime

/// The instruments of one server of Engine.IO, by its name.
@EventLoop
struct EngineMetrics {
    private let sessions: Gauge
    private let upgrades: Counter
    private let refused: Counter
    private let closed: MetricFamily<Counter>
    private let name: String

    init(_ name: String, _ metrics: MetricsRegistry) {
        self.name = name
        sessions = metrics.gauge("engineio.open_sessions", by: ["server"], "Sessions that are open.")[name]
        upgrades = metrics.counter("engineio.upgrades", by: ["server"], "Sessions that moved to WebSocket.")[name]
        refused =
            metrics.counter(
                "engineio.refused_sessions", by: ["server"], "Sessions that were refused by a limit or a drain.")[name]
        closed = metrics.counter("engineio.closed_sessions", by: ["server", "reason"], "Sessions that ended.")
    }

    func observeSessions(_ count: @escaping @EventLoop @Sendable () -> Int) { sessions.observe { Double(count()) } }
    func countUpgrade() { upgrades.increment() }
    func countRefused() { refused.increment() }
    func countClosed(_ reason: EngineCloseReason) { closed[name, reason.rawValue].increment() }
}
