package import EventLoop
package import Runtime

/// Sends HTTP requests to one outside system, on the event loop (libcurl's multi interface).
///
/// TLS certificates are always verified. Redirects are not followed, no proxy is taken from the environment, cookies are
/// not kept, and content is not decompressed. Every attempt carries a `traceparent`.
@EventLoop
package final class HTTPClient {
    /// What the client was made with.
    package let configuration: HTTPClientConfiguration
    private let multi: CurlMulti
    private let metrics: HTTPClientMetrics

    /// A client without connections; they are opened when they are needed.
    package init(_ configuration: HTTPClientConfiguration, metrics: MetricsRegistry) {
        self.configuration = configuration
        self.metrics = HTTPClientMetrics(peer: configuration.peer, metrics)
        multi = CurlMulti(configuration)
        self.metrics.observe(requests: { [weak multi] in multi?.requestCount ?? 0 })
    }

    /// Sends `request` as often as `retry` allows until it is answered, and returns within `deadline`.
    ///
    /// After an attempt with an unknown outcome only an answer that settles the matter is returned as such: a refusal that
    /// may be repeated (429, 502, 503, 504) or an attempt that was not sent leaves the outcome unknown.
    package func send(
        _ request: HTTPRequest, retry: RetryClass, policy: RetryPolicy = .standard, within deadline: Duration
    ) async -> HTTPOutcome {
        let end = ContinuousClock.now + deadline
        var request = request
        if case .idempotent(let key) = retry { request = request.with("Idempotency-Key", key) }
        var uncertain: HTTPOutcome?
        var attempt = 1
        while true {
            let outcome = await attemptOnce(request, retry, within: end - .now)
            guard let pause = policy.pause(after: outcome, attempt: attempt, of: retry),
                ContinuousClock.now + pause < end
            else { return outcome.settled(after: uncertain) }
            if case .unknown = outcome { uncertain = outcome }
            metrics.countRetry()
            attempt += 1
            do {
                try await EventLoop.sleep(for: pause)
            } catch {
                return outcome.settled(after: uncertain)
            }
        }
    }

    /// Ends the requests in flight, whose outcome becomes ``HTTPOutcome/Reason/closed``, and closes all connections.
    package func close() { multi.close() }

    private func attemptOnce(_ request: HTTPRequest, _ retry: RetryClass, within time: Duration) async -> HTTPOutcome {
        let start = ContinuousClock.now
        let trace = TraceContext.current?.child() ?? .new()
        let outcome = await multi.perform(
            request.with("traceparent", trace.traceparent), onFreshConnection: retry == .never, within: time)
        metrics.record(outcome, ContinuousClock.now - start)
        return outcome
    }
}

extension HTTPOutcome {
    /// The outcome of several attempts, of which an earlier one ended as `uncertain`.
    fileprivate func settled(after uncertain: HTTPOutcome?) -> HTTPOutcome {
        guard let uncertain else { return self }
        switch self {
        case .answered(let response): return RetryPolicy.isRepeatable(response.status) ? uncertain : self
        case .notSent, .unknown: return uncertain
        }
    }
}
