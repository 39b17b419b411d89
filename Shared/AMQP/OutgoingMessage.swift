package import Primitives

/// A message to publish.
package struct OutgoingMessage: Sendable {
    /// Where it goes; empty for the default exchange, which routes by the name of a queue.
    package var exchange: String
    /// What the exchange chooses queues by.
    package var routingKey: String
    /// What it says, byte for byte.
    package var body: [UInt8]
    /// The media type of the body.
    package var contentType: String
    /// Names the message to its readers and, should the broker return it, to the publisher.
    package var messageID: String
    /// What kind of message it is, for example the type of an event.
    package var type: String?
    /// Sent in whole seconds, all that AMQP can carry.
    package var timestamp: Instant?
    /// More about it, for whoever routes or reads without parsing the body; sent as long strings.
    package var headers: [String: String]
    /// Whether the broker writes it to disk before it confirms.
    package var isPersistent: Bool

    /// At most 255 UTF-8 bytes each for exchange, routing key, content type, id and type (AMQP's short strings).
    package init(
        exchange: String, routingKey: String, body: [UInt8], contentType: String, messageID: String,
        type: String? = nil, timestamp: Instant? = nil, headers: [String: String] = [:], isPersistent: Bool = true
    ) {
        precondition(
            [exchange, routingKey, contentType, messageID, type ?? ""].allSatisfy { $0.utf8.count <= 255 },
            "a name of a message is longer than AMQP's short strings")
        (self.exchange, self.routingKey, self.body) = (exchange, routingKey, body)
        (self.contentType, self.messageID, self.type) = (contentType, messageID, type)
        (self.timestamp, self.headers, self.isPersistent) = (timestamp, headers, isPersistent)
    }
}

/// Why a publish is not known to be safe with the broker. After ``timedOut`` and ``disconnected`` the message may
/// have arrived all the same: publishing it again can make it arrive twice.
package enum PublishError: Error, Sendable, Hashable {
    /// No queue takes this routing key; the message is gone.
    case unroutable
    /// The broker said no: the queue is full, or it failed inside.
    case refused
    /// No confirm in time.
    case timedOut
    /// There is no connection, or it was lost before the confirm.
    case disconnected
    /// No place became free among the outstanding publishes in time, or too many wait already. Also when the broker
    /// blocks publishers. The message was not sent.
    case saturated
}

extension PublishError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unroutable: "aucune file ne reçoit ce message"
        case .refused: "RabbitMQ a refusé le message"
        case .timedOut: "RabbitMQ n’a pas confirmé le message à temps"
        case .disconnected: "pas de connexion à RabbitMQ"
        case .saturated: "trop de messages attendent déjà d’être publiés"
        }
    }
}
