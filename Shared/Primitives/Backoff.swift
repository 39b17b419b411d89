/// Pauses between attempts that grow exponentially up to a limit, each drawn at random from zero to that limit, so that
/// clients that failed together do not retry together ("full jitter").
package struct Backoff: Hashable, Sendable {
    /// The limit of the first pause.
    package let initial: Duration
    /// The limit of every later pause, at most.
    package let maximum: Duration

    /// Doubles the limit from `initial` to `maximum`; both are positive.
    package init(from initial: Duration, to maximum: Duration) {
        precondition(initial > .zero && maximum >= initial, "pauses are positive and do not shrink")
        (self.initial, self.maximum) = (initial, maximum)
    }

    /// The limit of the pause after this many failures; the first failure is number 1.
    package func limit(after failures: Int) -> Duration {
        let doublings = min(max(failures - 1, 0), 40)
        return min(initial * (1 << doublings), maximum)
    }

    /// A pause after this many failures, at random from zero to ``limit(after:)``.
    package func pause(after failures: Int) -> Duration {
        var generator = SystemRandomNumberGenerator()
        return pause(after: failures, using: &generator)
    }

    /// A pause drawn from `generator`, so that a test can repeat it.
    package func pause(after failures: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        let microseconds = limit(after: failures) / .microseconds(1)
        return .microseconds(Int64.random(in: 0...Int64(microseconds), using: &generator))
    }
}
