/// The exchanges, queues and bindings that a connection needs. They are declared on every connection, so a broker that
/// lost its data, or a deleted queue, is restored without an operator.
package struct Topology: Sendable, Hashable {
    /// Declared first, because bindings and dead letters refer to them.
    package var exchanges: [Exchange]
    /// Declared after the exchanges.
    package var queues: [Queue]
    /// Declared last, because they refer to exchanges and queues.
    package var bindings: [Binding]

    /// Exchanges are declared first, then queues, then bindings, each in the order given.
    package init(exchanges: [Exchange] = [], queues: [Queue] = [], bindings: [Binding] = []) {
        (self.exchanges, self.queues, self.bindings) = (exchanges, queues, bindings)
    }
}

/// An exchange, to which messages are published.
package struct Exchange: Sendable, Hashable {
    /// How an exchange chooses the queues of a message.
    package enum Kind: String, Sendable { case topic, fanout, direct }

    /// At most 255 UTF-8 bytes.
    package let name: String
    /// How it routes.
    package let kind: Kind
    /// True if it survives a restart of the broker.
    package let isDurable: Bool
    /// Gets the messages that this exchange cannot route; nil drops them.
    package let alternateExchange: String?

    /// - Parameter alternateExchange: gets the messages that this exchange cannot route. Such a message is *not*
    ///   returned to its publisher: monitor the depth of the queue behind it.
    package init(_ name: String, _ kind: Kind, durable: Bool = true, alternateExchange: String? = nil) {
        (self.name, self.kind, self.isDurable, self.alternateExchange) = (name, kind, durable, alternateExchange)
    }

    var arguments: FieldTable {
        alternateExchange.map { [XArgument.alternateExchange: .string($0)] } ?? [:]
    }
}

/// A queue, in which messages wait for a consumer.
package struct Queue: Sendable, Hashable {
    /// How the broker stores the messages.
    package enum Kind: Sendable, Hashable {
        /// Replicated and on disk. A message becomes a dead letter when it returns after `deliveryLimit` deliveries;
        /// the limit is explicit because RabbitMQ 3 has none and RabbitMQ 4 has 20.
        case quorum(deliveryLimit: Int)
        /// On one node. An exclusive queue is deleted with the connection that declared it.
        case classic(durable: Bool, exclusive: Bool, autoDelete: Bool)
    }

    /// Where rejected and undeliverable messages go. From a quorum queue they go at least once: the broker keeps a
    /// message until the target has confirmed it, which requires the queue to refuse publishes instead of dropping
    /// messages.
    package struct DeadLetter: Sendable, Hashable {
        /// The exchange to which dead letters are published; "" is the default exchange.
        package let exchange: String
        /// Their new routing key; nil keeps the original one.
        package let routingKey: String?

        /// `exchange` "" is the default exchange: `routingKey` then names a queue. Without a key, messages keep theirs.
        package init(exchange: String, routingKey: String? = nil) {
            (self.exchange, self.routingKey) = (exchange, routingKey)
        }
    }

    /// The most messages that a queue holds, and what happens when it is full.
    package struct Limit: Sendable, Hashable {
        /// Drop the oldest message, or refuse the new one (its publisher gets ``PublishError/refused``).
        package enum Overflow: String, Sendable {
            case dropHead = "drop-head"
            case rejectPublish = "reject-publish"
        }

        /// The most messages.
        package let messages: Int
        /// What happens to a message beyond it.
        package let overflow: Overflow

        package init(messages: Int, overflow: Overflow) { (self.messages, self.overflow) = (messages, overflow) }
    }

    /// At most 255 UTF-8 bytes.
    package let name: String
    /// How it stores messages.
    package let kind: Kind
    /// True if only one of its consumers receives messages at a time.
    package let isSingleActiveConsumer: Bool
    /// Where dead letters go; nil drops them.
    package let deadLetter: DeadLetter?
    /// The most messages that it holds; nil means unlimited.
    package let limit: Limit?
    /// How long a message may wait, in whole milliseconds, before it becomes a dead letter; nil means for ever.
    package let lifetime: Duration?

    /// - Parameter singleActiveConsumer: one consumer at a time receives messages, which keeps their order; another
    ///   takes over when it disconnects.
    package init(
        _ name: String, _ kind: Kind, singleActiveConsumer: Bool = false, deadLetter: DeadLetter? = nil,
        limit: Limit? = nil, lifetime: Duration? = nil
    ) {
        if case .quorum = kind, deadLetter != nil {
            precondition(limit?.overflow != .dropHead, "a quorum queue with dead letters cannot drop its head")
        }
        (self.name, self.kind, isSingleActiveConsumer) = (name, kind, singleActiveConsumer)
        (self.deadLetter, self.limit, self.lifetime) = (deadLetter, limit, lifetime)
    }

    var isDurable: Bool {
        if case .classic(let durable, _, _) = kind { durable } else { true }
    }

    var isExclusive: Bool {
        if case .classic(_, let exclusive, _) = kind { exclusive } else { false }
    }

    var isAutoDelete: Bool {
        if case .classic(_, _, let autoDelete) = kind { autoDelete } else { false }
    }

    var arguments: FieldTable {
        var arguments: FieldTable = [:]
        if isSingleActiveConsumer { arguments[XArgument.singleActiveConsumer] = .boolean(true) }
        if let deadLetter {
            arguments[XArgument.deadLetterExchange] = .string(deadLetter.exchange)
            arguments[XArgument.deadLetterRoutingKey] = deadLetter.routingKey.map(FieldValue.string)
        }
        if let limit {
            arguments[XArgument.maxLength] = .integer(Int64(limit.messages))
            arguments[XArgument.overflow] = .string(limit.overflow.rawValue)
        }
        if let lifetime { arguments[XArgument.messageTTL] = .integer(Int64(lifetime / .milliseconds(1))) }
        guard case .quorum(let deliveryLimit) = kind else { return arguments }
        arguments[XArgument.queueType] = .string("quorum")
        arguments[XArgument.deliveryLimit] = .integer(Int64(deliveryLimit))
        if deadLetter != nil {
            arguments[XArgument.deadLetterStrategy] = .string("at-least-once")
            arguments[XArgument.overflow] = .string(Limit.Overflow.rejectPublish.rawValue)
        }
        return arguments
    }
}

/// Routes messages from an exchange to a queue.
package struct Binding: Sendable, Hashable {
    /// The queue that receives the messages.
    package let queue: String
    /// The exchange that the messages come from.
    package let exchange: String
    /// The routing key, or the pattern, that selects them.
    package let routingKey: String

    /// `routingKey` is a pattern for a topic exchange (`*` one word, `#` any number) and ignored by a fanout.
    package init(queue: String, to exchange: String, routingKey: String) {
        (self.queue, self.exchange, self.routingKey) = (queue, exchange, routingKey)
    }
}
