import EventLoop
import Runtime

/// The instruments of one peer. Labels hold its name, never a URL.
@EventLoop
struct HTTPClientMetrics {
    private let peer: String
    private let durations: MetricFamily<Histogram>
    private let retries: Counter
    private let inFlight: Gauge

    init(peer: String, _ metrics: MetricsRegistry) {
        self.peer = peer
        durations = metrics.histogram(
            "http.client.request.duration", by: ["peer", "outcome"], "From the start of an attempt to its outcome.")
        retries = metrics.counter("http.client.retries", by: ["peer"], "Attempts after the first.")[peer]
        inFlight = metrics.gauge("http.client.active_requests", by: ["peer"], "Requests in flight.")[peer]
    }

    func observe(requests: @escaping @EventLoop @Sendable () -> Int) { inFlight.observe { Double(requests()) } }
    func record(_ outcome: HTTPOutcome, _ duration: Duration) { durations[peer, outcome.label].record(duration) }
    func countRetry() { retries.increment() }
}
