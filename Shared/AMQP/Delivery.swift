package import Primitives

/// A message as a queue delivered it.
package struct Delivery: Sendable {
    /// Where it lay.
    package let queue: String
    /// Where it was published to; empty for the default exchange.
    package let exchange: String
    /// The key that it was published with.
    package let routingKey: String
    /// Delivered before, wholly or in part, to this or another consumer: only a hint.
    package let isRedelivered: Bool
    /// The media type of the body; empty when the publisher gave none.
    package internal(set) var contentType = ""
    /// What its publisher calls it; empty when it has no name.
    package internal(set) var messageID = ""
    /// What kind of message it is, for example the type of an event.
    package internal(set) var type: String?
    /// When its publisher made it, in whole seconds.
    package internal(set) var timestamp: Instant?
    /// Text, numbers and truth values, as text; arrays and tables such as `x-death` are left out.
    package internal(set) var headers: [String: String] = [:]
    /// What it says, byte for byte.
    package internal(set) var body: [UInt8] = []
    let tag: UInt64

    /// How often a quorum queue delivered the message before: 0 the first time.
    package var deliveryCount: Int { headers[XArgument.deliveryCount].flatMap(Int.init) ?? 0 }
    /// Why the message first became a dead letter: `rejected`, `delivery_limit`, `expired` or `maxlen`; nil if it never did.
    package var deathReason: String? { headers[XArgument.firstDeathReason] }
    /// The queue in which it first became one.
    package var deathQueue: String? { headers[XArgument.firstDeathQueue] }

    init(queue: String, exchange: String, routingKey: String, isRedelivered: Bool, tag: UInt64) {
        (self.queue, self.exchange, self.routingKey) = (queue, exchange, routingKey)
        (self.isRedelivered, self.tag) = (isRedelivered, tag)
    }
}

/// What a handler decided about a delivery.
package enum Verdict: Sendable, Hashable {
    /// Done with: the broker forgets it.
    case ack
    /// Never to be delivered again: a dead letter where the queue has a place for them, else dropped.
    case reject
    /// To be delivered again, which counts towards the delivery limit.
    case requeue
}
