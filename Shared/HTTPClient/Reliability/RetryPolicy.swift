import Glibc

/// What may be repeated without doing something twice.
package enum RetryClass: Sendable, Equatable {
    /// The request changes nothing at the peer.
    case safe
    /// The peer has the effect once for this key, which is sent as `Idempotency-Key`.
    case idempotent(key: String)
    /// The request is attempted once, on a connection of its own.
    case never
}

/// How often and after which pauses a request is repeated within its deadline.
package struct RetryPolicy: Sendable {
    /// Attempts in all, the first included.
    package let attempts: Int
    /// The pause before the second attempt, at most; each further one may be twice as long.
    package let base: Duration
    /// The longest pause that is chosen here; `Retry-After` may ask for a longer one.
    package let longest: Duration

    /// Three attempts within a few seconds.
    package static let standard = RetryPolicy(attempts: 3, base: .milliseconds(200), longest: .seconds(10))

    /// States every bound.
    package init(attempts: Int, base: Duration, longest: Duration) {
        precondition(attempts >= 1 && base > .zero && base <= longest, "a policy has an attempt and rising pauses")
        (self.attempts, self.base, self.longest) = (attempts, base, longest)
    }

    /// The pause before the next attempt; nil when `outcome` is final.
    func pause(after outcome: HTTPOutcome, attempt: Int, of retry: RetryClass) -> Duration? {
        guard retry != .never, attempt < attempts else { return nil }
        switch outcome {
        case .answered(let response):
            guard Self.isRepeatable(response.status) else { return nil }
            return max(response.retryAfter(now: time(nil)) ?? .zero, jitteredPause(attempt))
        case .notSent(let reason), .unknown(let reason): return reason.isTransient ? jitteredPause(attempt) : nil
        }
    }

    /// The statuses with which a peer asks for a repetition.
    static func isRepeatable(_ status: Int) -> Bool { [429, 502, 503, 504].contains(status) }

    /// The longest pause before the attempt after `attempt`, doubled each time.
    func longestPause(_ attempt: Int) -> Duration { min(longest, base * (1 << min(attempt - 1, 20))) }

    /// Half of the pause is fixed, so that no peer is called at once again; half is random, so that clients spread.
    private func jitteredPause(_ attempt: Int) -> Duration { longestPause(attempt) * Double.random(in: 0.5...1) }
}

extension HTTPOutcome.Reason {
    /// Whether the same request may end in another way a little later.
    var isTransient: Bool {
        switch self {
        case .saturated, .nameResolution, .connect, .connectionLost, .deadline: true
        case .invalidRequest, .closed, .tls, .cancelled, .malformedAnswer, .answerTooLarge, .circuitOpen: false
        }
    }
}
