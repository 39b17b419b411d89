/// Decides whether a peer that keeps failing is called at all. Pure: the time is given.
///
/// Closed, calls pass, and consecutive failures are counted. Open, none passes until the pause is over. Half-open, one
/// call passes as a trial; whichever way it ends, the breaker leaves that state.
package struct CircuitBreaker: Sendable {
    /// When it opens, and for how long.
    package struct Policy: Sendable {
        /// Consecutive failures that open it.
        package let failures: Int
        /// The first pause; doubled each time a trial fails.
        package let pause: Duration
        /// The longest pause.
        package let longestPause: Duration
        /// A trial that has not ended after this time is taken for lost.
        package let trialTime: Duration

        /// States every bound.
        package init(failures: Int, pause: Duration, longestPause: Duration, trialTime: Duration) {
            precondition(failures >= 1 && pause > .zero && pause <= longestPause && trialTime > .zero)
            (self.failures, self.pause) = (failures, pause)
            (self.longestPause, self.trialTime) = (longestPause, trialTime)
        }

        /// Five failures; 1 s doubled up to 60 s; a trial of 30 s.
        package static let standard = Policy(
            failures: 5, pause: .seconds(1), longestPause: .seconds(60), trialTime: .seconds(30))
    }

    /// How a call ended.
    package enum Verdict: Sendable {
        /// The peer works.
        case success
        /// The peer is away or broken.
        case failure
        /// The call ended without saying anything about the peer, by cancellation for example.
        case undecided
    }

    /// Where it is.
    package enum State: Sendable, Equatable {
        case closed
        case open
        case halfOpen
    }

    /// The right to make one call, to be given back with its verdict.
    package struct Permit: Sendable, Equatable {
        fileprivate let generation: Int
    }

    /// Whether a call may be made.
    package enum Admission: Sendable, Equatable {
        case permitted(Permit)
        /// Not before this much time has passed.
        case refused(retryAfter: Duration)
    }

    private enum Phase: Sendable {
        case closed(failures: Int)
        case open(until: ContinuousClock.Instant)
        case halfOpen(lostAt: ContinuousClock.Instant)
    }

    private let policy: Policy
    private var phase = Phase.closed(failures: 0)
    private var pause: Duration
    /// Counts the changes of phase: a permit from before one says nothing about the phase after it.
    private var generation = 0

    /// A closed breaker.
    package init(_ policy: Policy) {
        self.policy = policy
        pause = policy.pause
    }

    /// The state at the last call.
    package var state: State {
        switch phase {
        case .closed: .closed
        case .open: .open
        case .halfOpen: .halfOpen
        }
    }

    /// True when it remembers nothing: a new one would do the same.
    package var isPristine: Bool {
        if case .closed(failures: 0) = phase { pause == policy.pause } else { false }
    }

    /// Asks for a call.
    package mutating func admit(at now: ContinuousClock.Instant) -> Admission {
        switch phase {
        case .closed: break
        case .open(let end), .halfOpen(let end):
            guard now >= end else { return .refused(retryAfter: end - now) }
            move(to: .halfOpen(lostAt: now + policy.trialTime))
        }
        return .permitted(Permit(generation: generation))
    }

    /// Records how a permitted call ended.
    package mutating func record(_ verdict: Verdict, for permit: Permit, at now: ContinuousClock.Instant) {
        guard permit.generation == generation else { return }
        switch (phase, verdict) {
        case (.closed, .success): phase = .closed(failures: 0)
        case (.closed(let failures), .failure):
            phase = .closed(failures: failures + 1)
            if failures + 1 >= policy.failures { move(to: .open(until: now + pause)) }
        case (.halfOpen, .success):
            pause = policy.pause
            move(to: .closed(failures: 0))
        case (.halfOpen, .failure):
            pause = min(pause * 2, policy.longestPause)
            move(to: .open(until: now + pause))
        // The peer was not proven to work; the next trial comes after the same pause.
        case (.halfOpen, .undecided): move(to: .open(until: now + pause))
        case (.closed, .undecided), (.open, _): break
        }
    }

    private mutating func move(to phase: Phase) {
        self.phase = phase
        generation += 1
    }
}
