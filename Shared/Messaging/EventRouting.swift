package import AMQP
package import GuichetProtocol
package import Primitives

/// The names that all services agree on in the broker, and what each of them declares there.
package enum EventRouting {
    /// The topic exchange of all events.
    package static let exchange = "guichet.events"
    /// Takes events that no queue was bound for; its queue keeps the latest ones, as a sign that no service listens.
    static let unrouted = "guichet.unrouted"
    /// The direct exchange of messages that a service could not handle: the name of the service routes to its parked queue,
    /// the name of a queue into that queue.
    package static let parking = "guichet.parked"
    /// The direct exchange of deferred events: the name of a queue routes to the waiting queue and, after a pause, from
    /// there into that queue.
    static let waiting = "guichet.waiting"
    /// The same for events that have been deferred for long: they return less often.
    static let longWaiting = "guichet.waiting.long"
    /// When an event was deferred for the first time.
    static let waitingHeader = "x-guichet-waiting-since"
    /// Marks a replayed event: the publisher has none of this aggregate that is older.
    static let historyHeader = "x-guichet-history-begins"
    /// The id of the replay by which a subscriber outside the suite gets an event again.
    static let replayHeader = "x-guichet-replay"
    /// Why a message was parked, and the queue it was taken from.
    static let reasonHeader = "x-guichet-reason"
    static let queueHeader = "x-guichet-queue"
    /// The account that published the event first, in messages that a service publishes to its own queues again; empty if
    /// it is unknown.
    static let authorHeader = "x-guichet-author"
    /// The media type of an event's message.
    package static let contentType = "application/cloudevents+json; charset=utf-8"
    /// How often a quorum queue delivers a message that makes its consumers crash, before it is a dead letter.
    static let deliveryLimit = 10

    /// The queue of one shard of a service.
    package static func queue(_ service: TenantSlug, shard: Int) -> String { "guichet.\(service).\(shard)" }

    /// The queue of the messages that a service could not handle.
    package static func parkedQueue(_ service: TenantSlug) -> String { "guichet.\(service).parked" }

    /// The queue of a service's deferred events, and how long they stay in it.
    private static func waitingQueue(_ service: TenantSlug) -> Queue {
        waitingQueue("guichet.\(service).waiting", limit: 10_000, lifetime: .seconds(2))
    }

    /// The queue of those that have been deferred for long: more of them, and each costs the broker less.
    private static func longWaitingQueue(_ service: TenantSlug) -> Queue {
        waitingQueue("guichet.\(service).waiting.long", limit: 500_000, lifetime: .seconds(20))
    }

    private static func waitingQueue(_ name: String, limit: Int, lifetime: Duration) -> Queue {
        Queue(
            name, .quorum(deliveryLimit: deliveryLimit), deadLetter: .init(exchange: parking),
            limit: .init(messages: limit, overflow: .rejectPublish), lifetime: lifetime)
    }

    /// What every service declares to publish.
    package static let publishing = Topology(
        exchanges: [
            Exchange(unrouted, .fanout), Exchange(exchange, .topic, alternateExchange: unrouted),
        ],
        queues: [
            Queue(
                unrouted, .classic(durable: true, exclusive: false, autoDelete: false),
                limit: .init(messages: 10_000, overflow: .dropHead))
        ],
        bindings: [Binding(queue: unrouted, to: unrouted, routingKey: "")])

    /// What a service declares to listen: a queue a shard, bound for whole aggregates so that their versions have no
    /// gaps, each consumed by one process at a time.
    package static func listening(_ service: TenantSlug, to aggregates: Set<AggregateName>) -> Topology {
        var topology = publishing
        let (waitingQueue, longWaitingQueue) = (waitingQueue(service), longWaitingQueue(service))
        topology.exchanges += [parking, waiting, longWaiting].map { Exchange($0, .direct) }
        topology.queues += [
            Queue(parkedQueue(service), .quorum(deliveryLimit: 1_000_000)), waitingQueue, longWaitingQueue,
        ]
        topology.bindings.append(Binding(queue: parkedQueue(service), to: parking, routingKey: service.description))
        for shard in 0..<Shard.count {
            let name = queue(service, shard: shard)
            topology.queues.append(
                Queue(
                    name, .quorum(deliveryLimit: deliveryLimit), singleActiveConsumer: true,
                    deadLetter: .init(exchange: parking, routingKey: service.description)))
            // Parked and deferred messages return by the first; the others take deferred ones to the waiting queues.
            topology.bindings += [
                Binding(queue: name, to: parking, routingKey: name),
                Binding(queue: waitingQueue.name, to: waiting, routingKey: name),
                Binding(queue: longWaitingQueue.name, to: longWaiting, routingKey: name),
            ]
            topology.bindings += aggregates.map { aggregate in
                Binding(
                    queue: name, to: exchange,
                    routingKey: "*.\(aggregate.service).\(aggregate.aggregate).*.*.\(shard)")
            }
        }
        return topology
    }
}

extension Delivery {
    /// The message of an event, to be published elsewhere with its author.
    func copy(
        to exchange: String, _ routingKey: String, author: String, _ headers: [String: String] = [:]
    ) -> OutgoingMessage {
        var headers = headers
        headers[EventRouting.authorHeader] = author
        return OutgoingMessage(
            exchange: exchange, routingKey: routingKey, body: body, contentType: contentType, messageID: messageID,
            type: type, timestamp: timestamp,
            headers: self.headers.filter { $0.key.hasPrefix("cloudEvents_") }.merging(headers) { $1 })
    }
}

/// A kind of aggregate of one publisher, for example Booking's appointments.
package struct AggregateName: Hashable, Sendable, CustomStringConvertible {
    let service: String
    let aggregate: String

    /// The kind of aggregate of an event.
    package init(of name: EventName) { (service, aggregate) = (name.service, name.aggregate) }

    package var description: String { "\(service).\(aggregate)" }

    /// Returns nil if the aggregate is not of this suite.
    init?(of aggregate: FollowedAggregate) {
        let words = aggregate.source.split(separator: "/")
        guard words.count == 2, words[0] == "guichet", let kind = aggregate.name.split(separator: "/").first else {
            return nil
        }
        (service, self.aggregate) = (String(words[1]), String(kind))
    }

    /// Returns nil if the event's type is not of this suite.
    init?(of event: EventAttributes) {
        let words = event.type.split(separator: ".")
        guard words.count == 5, words[0] == "guichet" else { return nil }
        (service, aggregate) = (String(words[1]), String(words[2]))
    }
}
