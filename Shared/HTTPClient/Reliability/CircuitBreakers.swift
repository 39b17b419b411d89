package import EventLoop
package import Runtime

/// One ``CircuitBreaker`` for each key, a tenant's terminal for example, in a bounded table.
@EventLoop
package final class CircuitBreakers<Key: Hashable & Sendable> {
    private struct Entry {
        var breaker: CircuitBreaker
        var lastUse: ContinuousClock.Instant
    }

    private let policy: CircuitBreaker.Policy
    private let limit: Int
    private let now: @EventLoop @Sendable () -> ContinuousClock.Instant
    private var entries: [Key: Entry] = [:]
    private let refusals: Counter

    /// - Parameters:
    ///   - name: names the guarded peers in metrics.
    ///   - limit: the number of keys that are remembered. Only keys with failures count; the one that was used least
    ///     recently is forgotten first.
    package init(
        _ name: String, policy: CircuitBreaker.Policy, limit: Int, metrics: MetricsRegistry,
        now: @escaping @EventLoop @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        precondition(limit >= 1, "a table of breakers has room for one")
        (self.policy, self.limit, self.now) = (policy, limit, now)
        refusals = metrics.counter("circuit_breaker.refusals", by: ["peer"], "Calls that were not made.")[name]
        metrics.gauge("circuit_breaker.open", by: ["peer"], "Circuits that are not closed.")[name]
            .observe { [weak self] in Double(self?.openCount ?? 0) }
    }

    /// The keys that are remembered.
    package var count: Int { entries.count }

    /// The state for a key; closed for one that is not remembered.
    package func state(of key: Key) -> CircuitBreaker.State { entries[key]?.breaker.state ?? .closed }

    /// Makes a call unless the circuit of `key` is open, and records its verdict however the call ends.
    package func call(_ key: Key, _ body: () async -> HTTPOutcome) async -> HTTPOutcome {
        switch admit(key) {
        case .refused: return .notSent(.circuitOpen)
        case .permitted(let permit):
            let outcome = await body()
            record(outcome.verdict, for: permit, of: key)
            return outcome
        }
    }

    /// Asks for a call that is not an HTTP request. The permit must be given back with ``record(_:for:of:)``; a trial whose
    /// permit is lost ends by its time limit.
    package func admit(_ key: Key) -> CircuitBreaker.Admission {
        let now = now()
        var breaker = entries[key]?.breaker ?? CircuitBreaker(policy)
        let admission = breaker.admit(at: now)
        keep(breaker, for: key, at: now)
        if case .refused = admission { refusals.increment() }
        return admission
    }

    /// Records how a permitted call ended.
    package func record(_ verdict: CircuitBreaker.Verdict, for permit: CircuitBreaker.Permit, of key: Key) {
        let now = now()
        var breaker = entries[key]?.breaker ?? CircuitBreaker(policy)
        breaker.record(verdict, for: permit, at: now)
        keep(breaker, for: key, at: now)
    }

    private func keep(_ breaker: CircuitBreaker, for key: Key, at now: ContinuousClock.Instant) {
        guard !breaker.isPristine else { return entries[key] = nil }
        if entries[key] == nil, entries.count >= limit,
            let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            entries[oldest.key] = nil
        }
        entries[key] = Entry(breaker: breaker, lastUse: now)
    }

    private var openCount: Int { entries.values.count { $0.breaker.state != .closed } }
}

extension HTTPOutcome {
    /// What the outcome says about the peer. A refusal of this one request, 4xx but 429, proves that the peer works.
    package var verdict: CircuitBreaker.Verdict {
        switch self {
        case .answered(let response): response.status >= 500 || response.status == 429 ? .failure : .success
        case .notSent(let reason), .unknown(let reason):
            switch reason {
            case .invalidRequest, .saturated, .closed, .cancelled, .circuitOpen: .undecided
            case .nameResolution, .connect, .tls, .deadline, .connectionLost, .malformedAnswer, .answerTooLarge:
                .failure
            }
        }
    }
}
