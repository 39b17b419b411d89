internal import EventLoop

/// The state of a connection to the broker.
package enum ConnectionState: Sendable, Equatable {
    /// An attempt is under way. Followed by `connected` or `disconnected`.
    case connecting
    /// The topology is declared and messages flow.
    case connected
    /// The broker is short of memory or disk and accepts no publishes, for the given reason. Followed by `connected`.
    case blocked(reason: String)
    /// The connection failed; another attempt follows after a pause.
    case disconnected(ConnectionError)
    /// Accepts nothing new and finishes the work in progress.
    case draining
    /// The final state: the thread and the connection have ended.
    case closed
}

/// Why a connection failed, in words for the log.
package enum ConnectionError: Error, Equatable, CustomStringConvertible {
    /// Host or port did not answer, or the TLS handshake failed.
    case unreachable(String)
    /// The broker closed the connection or channel, or refused the login, with its reply code (AMQP 0-9-1, 1.2).
    case closedByBroker(code: Int, String)
    /// The socket failed or the broker stopped answering.
    case lost(String)
    /// The broker cancelled a consumer: its queue was deleted or lost its leader.
    case consumerCancelled(queue: String)
    /// These exchanges, queues or bindings could not be declared, mostly because they exist with other properties.
    case topologyMismatch([TopologyFault])

    package var description: String {
        switch self {
        case .unreachable(let cause): "RabbitMQ cannot be reached: \(cause)"
        case .closedByBroker(let code, let text): "RabbitMQ closed the connection (\(code)): \(text)"
        case .lost(let cause): "the connection to RabbitMQ was lost: \(cause)"
        case .consumerCancelled(let queue): "RabbitMQ cancelled the consumer of queue \(queue)"
        case .topologyMismatch(let faults): faults.map(\.description).joined(separator: " ; ")
        }
    }
}

/// One exchange, queue or binding that the broker refused to declare.
package struct TopologyFault: Sendable, Equatable, CustomStringConvertible {
    /// For example `queue booking.events.0`.
    package let subject: String
    /// The broker's reply code, for example 406 if it exists with other properties.
    package let code: Int
    /// The broker's reply text; it names the argument that differs.
    package let reply: String

    package var description: String { "RabbitMQ refused to declare \(subject) (\(code)): \(reply)" }
}

/// Callbacks for the events of a connection.
package struct AMQPObserver: Sendable {
    let stateChanged: @EventLoop @Sendable (ConnectionState) -> Void
    let counted: @Sendable (AMQPEvent) -> Void

    /// - Parameters:
    ///   - stateChanged: called on the event loop, in order.
    ///   - counted: called on the connection thread for each message; must return at once.
    package init(
        stateChanged: @escaping @EventLoop @Sendable (ConnectionState) -> Void = { _ in },
        counted: @escaping @Sendable (AMQPEvent) -> Void = { _ in }
    ) {
        (self.stateChanged, self.counted) = (stateChanged, counted)
    }

    func state(_ state: ConnectionState) { EventLoop.start { stateChanged(state) } }
}

/// An event for metrics.
package enum AMQPEvent: Sendable, Equatable {
    /// A publish was confirmed this long after it was requested.
    case confirmed(after: Duration)
    case publishFailed(PublishError)
    case delivered(redelivered: Bool)
}
