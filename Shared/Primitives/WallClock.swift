/// Where a process reads the present instant. Services read ``system``; a test sets its own time.
///
/// Timeouts and pauses are measured by `ContinuousClock`, which does not follow it.
package struct WallClock: Sendable {
    /// The clock of this machine.
    package static let system = WallClock { .now }

    private let read: @Sendable () -> Instant

    /// A clock that shows what `read` returns; called from any thread.
    package init(_ read: @escaping @Sendable () -> Instant) { self.read = read }

    /// The present instant.
    package var now: Instant { read() }
}
