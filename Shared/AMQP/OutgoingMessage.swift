package import Primitives

/// A message to publish.
package struct OutgoingMessage: Sendable {
    /// The exchange; empty for the default exchange, which routes by queue name.
    package var exchange: String
    /// The key by which the exchange chooses queues.
    package var routingKey: String
    /// The body, byte for byte.
    package var body: [UInt8]
    /// The media type of the body.
    package var contentType: String
    /// Identifies the message to its readers and, if the broker returns it, to the publisher.
    package var messageID: String
    /// The kind of message, for example the type of an event.
    package var type: String?
    /// Sent in whole seconds, the precision of AMQP.
    package var timestamp: Instant?
    /// Further properties, for routing and reading without parsing the body; sent as long strings.
    package var headers: [String: String]
    /// True if the broker writes it to disk before it confirms.
    package var isPersistent: Bool

    /// At most 255 UTF-8 bytes each for exchange, routing key, content type, id and type (AMQP's short strings).
    package init(
        exchange: String, routingKey: String, body: [UInt8], contentType: String, messageID: String,
        type: String? = nil, timestamp: Instant? = nil, headers: [String: String] = [:], isPersistent: Bool = true
    ) {
        precondition(
            [exchange, routingKey, contentType, messageID, type ?? ""].allSatisfy { $0.utf8.count <= 255 },
            "a name of a message exceeds the 255 bytes of an AMQP short string")
        (self.exchange, self.routingKey, self.body) = (exchange, routingKey, body)
        (self.contentType, self.messageID, self.type) = (contentType, messageID, type)
        (self.timestamp, self.headers, self.isPersistent) = (timestamp, headers, isPersistent)
    }
}

/// Why a publish is not known to be safe. After ``timedOut`` and ``disconnected`` the message may have arrived all the
/// same: publishing it again can deliver it twice.
package enum PublishError: Error, Sendable, Hashable {
    /// No queue matches the routing key; the message is dropped.
    case unroutable
    /// The broker rejected it: the queue is full, or the broker failed internally.
    case refused
    /// No confirm came in time.
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
        case .unroutable: "no queue matches the message"
        case .refused: "RabbitMQ refused the message"
        case .timedOut: "RabbitMQ did not confirm the message in time"
        case .disconnected: "no connection to RabbitMQ"
        case .saturated: "too many messages are waiting to be published"
        }
    }
}
