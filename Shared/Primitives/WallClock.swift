/// The source of the present instant. Services read ``system``; a test sets its own time.
///
/// Timeouts and pauses use `ContinuousClock`, which it does not affect.
package struct WallClock: Sendable {
    /// The clock of this machine.
    package static let system = WallClock { .now }

    private let read: @Sendable () -> Instant

    /// A clock that returns what `read` returns, which is called on any thread.
    package init(_ read: @escaping @Sendable () -> Instant) { self.read = read }

    /// The present instant.
    package var now: Instant { read() }
}
