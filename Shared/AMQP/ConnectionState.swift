internal import EventLoop

/// Where a connection to the broker stands.
package enum ConnectionState: Sendable, Equatable {
    /// An attempt runs. Left for `connected` or `disconnected`.
    case connecting
    /// The topology is declared and messages flow.
    case connected
    /// The broker is short of memory or disk and takes no publishes, for the reason it gave. Left for `connected`.
    case blocked(reason: String)
    /// The connection failed; another attempt follows after a pause.
    case disconnected(ConnectionError)
    /// Nothing new is taken; what runs is finished.
    case draining
    /// The last state: the thread and the connection are gone.
    case closed
}

/// Why a connection failed, in French for the log and the person on call.
package enum ConnectionError: Error, Equatable, CustomStringConvertible {
    /// Host or port do not answer, or TLS was not agreed.
    case unreachable(String)
    /// The broker closed the connection or channel, or refused the log-in, with its reply code (AMQP 0-9-1, 1.2).
    case closedByBroker(code: Int, String)
    /// The socket failed or the broker fell silent.
    case lost(String)
    /// The broker took a consumer away: its queue was deleted or lost its leader.
    case consumerCancelled(queue: String)
    /// These exchanges, queues or bindings could not be declared as asked, mostly because they exist otherwise.
    case topologyMismatch([TopologyFault])

    package var description: String {
        switch self {
        case .unreachable(let cause): "RabbitMQ est injoignable : \(cause)"
        case .closedByBroker(let code, let text): "RabbitMQ a fermé la connexion (\(code)) : \(text)"
        case .lost(let cause): "la connexion à RabbitMQ est perdue : \(cause)"
        case .consumerCancelled(let queue): "RabbitMQ a retiré le consommateur de la file \(queue)"
        case .topologyMismatch(let faults): faults.map(\.description).joined(separator: " ; ")
        }
    }
}

/// One exchange, queue or binding that the broker refused to declare.
package struct TopologyFault: Sendable, Equatable, CustomStringConvertible {
    /// For example `queue booking.events.0`.
    package let subject: String
    /// The broker's reply code, for example 406 when it exists with other properties.
    package let code: Int
    /// The broker's own words; they name the argument that differs.
    package let reply: String

    package var description: String { "déclaration refusée (\(code)) pour \(subject) : \(reply)" }
}

/// Who is told what a connection does.
package struct AMQPObserver: Sendable {
    let stateChanged: @EventLoop @Sendable (ConnectionState) -> Void
    let counted: @Sendable (AMQPEvent) -> Void

    /// - Parameters:
    ///   - stateChanged: called on the event loop, in order.
    ///   - counted: called on the connection's thread for each message; must return at once.
    package init(
        stateChanged: @escaping @EventLoop @Sendable (ConnectionState) -> Void = { _ in },
        counted: @escaping @Sendable (AMQPEvent) -> Void = { _ in }
    ) {
        (self.stateChanged, self.counted) = (stateChanged, counted)
    }

    func state(_ state: ConnectionState) { EventLoop.start { stateChanged(state) } }
}

/// What is worth counting.
package enum AMQPEvent: Sendable, Equatable {
    /// A publish was confirmed this long after it was asked for.
    case confirmed(after: Duration)
    case publishFailed(PublishError)
    case delivered(redelivered: Bool)
}
