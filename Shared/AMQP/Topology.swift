/// What a connection needs on the broker. It is declared each time the connection is made, so that a broker that lost
/// its data, or a queue that was deleted, is made whole without anybody's help.
package struct Topology: Sendable, Hashable {
    /// Declared first, as bindings and dead letters name them.
    package var exchanges: [Exchange]
    /// Declared after the exchanges.
    package var queues: [Queue]
    /// Declared last, between exchanges and queues that are there.
    package var bindings: [Binding]

    /// Exchanges are declared first, then queues, then bindings, each in the order given.
    package init(exchanges: [Exchange] = [], queues: [Queue] = [], bindings: [Binding] = []) {
        (self.exchanges, self.queues, self.bindings) = (exchanges, queues, bindings)
    }
}

/// Where messages are published to.
package struct Exchange: Sendable, Hashable {
    /// How an exchange chooses the queues of a message.
    package enum Kind: String, Sendable { case topic, fanout, direct }

    /// At most 255 UTF-8 bytes.
    package let name: String
    /// How it routes.
    package let kind: Kind
    /// Whether it outlives a restart of the broker.
    package let isDurable: Bool
    /// Takes what this one can route to no queue; without it such messages are lost.
    package let alternateExchange: String?

    /// - Parameter alternateExchange: takes what this exchange can route to no queue. Such a message is *not* returned
    ///   to its publisher: watch the depth of the queue behind.
    package init(_ name: String, _ kind: Kind, durable: Bool = true, alternateExchange: String? = nil) {
        (self.name, self.kind, self.isDurable, self.alternateExchange) = (name, kind, durable, alternateExchange)
    }

    var arguments: FieldTable {
        alternateExchange.map { [XArgument.alternateExchange: .string($0)] } ?? [:]
    }
}

/// Where messages wait for a consumer.
package struct Queue: Sendable, Hashable {
    /// How the broker stores the messages.
    package enum Kind: Sendable, Hashable {
        /// Replicated and on disk. A message that was delivered `deliveryLimit` times and came back each time is dead
        /// on its next return; the limit is explicit because RabbitMQ 3 has none and RabbitMQ 4 has 20.
        case quorum(deliveryLimit: Int)
        /// On one node. An exclusive queue dies with the connection that declared it.
        case classic(durable: Bool, exclusive: Bool, autoDelete: Bool)
    }

    /// Where rejected and undeliverable messages go. From a quorum queue they go at least once: the broker keeps a
    /// message until the target has confirmed it, which obliges the queue to refuse publishes rather than drop.
    package struct DeadLetter: Sendable, Hashable {
        /// Where dead messages are published; "" is the default exchange.
        package let exchange: String
        /// The key that they get; nil leaves them theirs.
        package let routingKey: String?

        /// `exchange` "" is the default exchange: `routingKey` then names a queue. Without a key, messages keep theirs.
        package init(exchange: String, routingKey: String? = nil) {
            (self.exchange, self.routingKey) = (exchange, routingKey)
        }
    }

    /// The most messages that a queue holds, and what gives way when it is full.
    package struct Limit: Sendable, Hashable {
        /// Drop the oldest message, or refuse the new one (its publisher sees ``PublishError/refused``).
        package enum Overflow: String, Sendable {
            case dropHead = "drop-head"
            case rejectPublish = "reject-publish"
        }

        /// The bound.
        package let messages: Int
        /// What happens to a message beyond it.
        package let overflow: Overflow

        package init(messages: Int, overflow: Overflow) { (self.messages, self.overflow) = (messages, overflow) }
    }

    /// At most 255 UTF-8 bytes.
    package let name: String
    /// How it stores messages.
    package let kind: Kind
    /// Whether of all its consumers only one receives messages at a time.
    package let isSingleActiveConsumer: Bool
    /// Where those go that nobody takes; nil drops them.
    package let deadLetter: DeadLetter?
    /// The most that it holds; nil is without bound.
    package let limit: Limit?
    /// After how long, in whole milliseconds, a message that nobody took is dead; nil keeps it.
    package let lifetime: Duration?

    /// - Parameter singleActiveConsumer: of all consumers one receives messages, so that their order is kept; another
    ///   takes over when it goes.
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

/// Sends what an exchange receives under a key to a queue.
package struct Binding: Sendable, Hashable {
    /// Who receives the messages.
    package let queue: String
    /// Whose messages they are.
    package let exchange: String
    /// The key, or the pattern of keys, that chooses them.
    package let routingKey: String

    /// `routingKey` is a pattern for a topic exchange (`*` one word, `#` any number) and ignored by a fanout.
    package init(queue: String, to exchange: String, routingKey: String) {
        (self.queue, self.exchange, self.routingKey) = (queue, exchange, routingKey)
    }
}
