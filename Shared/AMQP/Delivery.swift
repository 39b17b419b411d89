package import Primitives

/// A message as a queue delivered it.
package struct Delivery: Sendable {
    /// The queue that it was in.
    package let queue: String
    /// The exchange that it was published to; empty for the default exchange.
    package let exchange: String
    /// The routing key of the publish.
    package let routingKey: String
    /// True if it was delivered before, completely or in part, to this or another consumer: only a hint.
    package let isRedelivered: Bool
    /// The media type of the body; empty if the publisher gave none.
    package internal(set) var contentType = ""
    /// The publisher's id for the message; empty if it has none.
    package internal(set) var messageID = ""
    /// The account that published the message, which the broker has verified; empty if the publisher gave none.
    package internal(set) var userID = ""
    /// The kind of message, for example the type of an event.
    package internal(set) var type: String?
    /// When the publisher made it, in whole seconds.
    package internal(set) var timestamp: Instant?
    /// Text, numbers and booleans, as text; arrays and tables such as `x-death` are left out.
    package internal(set) var headers: [String: String] = [:]
    /// The body, byte for byte.
    package internal(set) var body: [UInt8] = []
    let tag: UInt64

    /// How often a quorum queue delivered the message before: 0 the first time.
    package var deliveryCount: Int { headers[XArgument.deliveryCount].flatMap(Int.init) ?? 0 }
    /// Why the message first became a dead letter: `rejected`, `delivery_limit`, `expired` or `maxlen`; nil if it never did.
    package var deathReason: String? { headers[XArgument.firstDeathReason] }
    /// The queue in which it first became a dead letter.
    package var deathQueue: String? { headers[XArgument.firstDeathQueue] }

    init(queue: String, exchange: String, routingKey: String, isRedelivered: Bool, tag: UInt64) {
        (self.queue, self.exchange, self.routingKey) = (queue, exchange, routingKey)
        (self.isRedelivered, self.tag) = (isRedelivered, tag)
    }
}

/// What a handler decided about a delivery.
package enum Verdict: Sendable, Hashable {
    /// Handled: the broker removes it.
    case ack
    /// Never deliver it again: it becomes a dead letter if the queue has a dead-letter exchange, otherwise it is
    /// dropped.
    case reject
    /// Deliver it again, which counts towards the delivery limit.
    case requeue
}
