package import EventLoop

/// Whether a process should get work: the answer to `/readyz`. It does not say whether the process is alive.
@EventLoop
package final class Readiness {
    /// The phase in the life of a process.
    package enum Phase: String, Sendable {
        /// Some services do not serve yet.
        case starting
        /// Every service serves.
        case serving
        /// Work in progress is finished; no new work is accepted.
        case draining
    }

    /// Set by the ``ServiceGroup``.
    package internal(set) var phase = Phase.starting

    private var checks: [(name: String, isFulfilled: () -> Bool)] = []

    /// Starting, and without any condition.
    nonisolated package init() {}

    /// Adds a condition that is evaluated on each request for readiness, for example that the database is reachable. It
    /// must be cheap.
    package func require(_ name: String, _ isFulfilled: @escaping @EventLoop () -> Bool) {
        checks.append((name, isFulfilled))
    }

    /// Why this process should get no work: the phase unless it is serving, then the names of the conditions that fail.
    /// Empty if it is ready.
    package var obstacles: [String] {
        let phase = self.phase == .serving ? [] : [self.phase.rawValue]
        return phase + checks.filter { !$0.isFulfilled() }.map(\.name)
    }
}
