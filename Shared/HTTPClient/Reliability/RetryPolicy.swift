import Glibc
package import Primitives

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
    /// The pauses between attempts; `Retry-After` may ask for a longer one.
    package let backoff: Backoff

    /// Three attempts within a few seconds.
    package static let standard = RetryPolicy(attempts: 3, backoff: Backoff(from: .milliseconds(200), to: .seconds(10)))

    /// States every bound.
    package init(attempts: Int, backoff: Backoff) {
        precondition(attempts >= 1, "a policy has an attempt")
        (self.attempts, self.backoff) = (attempts, backoff)
    }

    /// The pause before the next attempt; nil when `outcome` is final.
    func pause(after outcome: HTTPOutcome, attempt: Int, of retry: RetryClass) -> Duration? {
        guard retry != .never, attempt < attempts else { return nil }
        switch outcome {
        case .answered(let response):
            guard Self.isRepeatable(response.status) else { return nil }
            return max(response.retryAfter(now: time(nil)) ?? .zero, backoff.pause(after: attempt))
        case .notSent(let reason), .unknown(let reason): return reason.isTransient ? backoff.pause(after: attempt) : nil
        }
    }

    /// The statuses with which a peer asks for a repetition.
    static func isRepeatable(_ status: Int) -> Bool { [429, 502, 503, 504].contains(status) }
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
