import EventLoop
package import Primitives

/// Until when the request that is being answered may have an effect. A client that got no answer by then can rely on it
/// that the request has either had its effect or never will.
package struct RequestDeadline: Sendable {
    /// From the moment at which the gateway took a request in to its deadline.
    package static let allowance: Duration = .seconds(10)

    /// The deadline of the request that the present task answers. Nil in a task that answers none.
    @TaskLocal package static var current: RequestDeadline?

    /// The deadline, by the clock of the home database server.
    package let instant: Instant
    private let hasLeft: @EventLoop @Sendable () -> Bool

    /// - Parameter hasLeft: whether the client has closed its connection.
    package init(_ instant: Instant, hasLeft: @escaping @EventLoop @Sendable () -> Bool = { false }) {
        (self.instant, self.hasLeft) = (instant, hasLeft)
    }

    /// True if the client has closed its connection.
    @EventLoop package var isAbandoned: Bool { hasLeft() }

    /// Throws ``RequestAbandoned`` if the client has closed its connection.
    @EventLoop package func requireClient() throws(RequestAbandoned) {
        if hasLeft() { throw RequestAbandoned() }
    }
}

/// The client has closed its connection, so its request must not have an effect any more.
package struct RequestAbandoned: Error {
    package init() {}
}
