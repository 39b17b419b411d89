package import EventLoop

/// Whether a process should be given work: the answer to `/readyz`. It says nothing of being alive.
@EventLoop
package final class Readiness {
    /// Where in its life a process is.
    package enum Phase: String, Sendable {
        /// Not every service serves yet.
        case starting
        /// Every service serves.
        case serving
        /// What was begun is finished; nothing new is taken.
        case draining
    }

    /// Set by the ``ServiceGroup``.
    package internal(set) var phase = Phase.starting

    private var checks: [(name: String, isFulfilled: () -> Bool)] = []

    /// Starting, and without any condition.
    nonisolated package init() {}

    /// Adds a condition that is looked at whenever somebody asks: the database can be reached, for one. It must be cheap.
    package func require(_ name: String, _ isFulfilled: @escaping @EventLoop () -> Bool) {
        checks.append((name, isFulfilled))
    }

    /// What speaks against giving this process work: the phase unless it serves, then the unfulfilled conditions by
    /// name. Empty when it is ready.
    package var obstacles: [String] {
        let phase = self.phase == .serving ? [] : [self.phase.rawValue]
        return phase + checks.filter { !$0.isFulfilled() }.map(\.name)
    }
}
