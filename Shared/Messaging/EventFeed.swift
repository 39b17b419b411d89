package import AMQP
package import EventLoop
import FoundationEssentials
import GuichetProtocol
package import Primitives
package import Runtime

/// The events of all tenants as one process hears them, at once and without a database: for what only lives in memory.
///
/// The process has a queue of its own, which the broker deletes with the connection. So every process hears every event,
/// but none that was published while it had no connection, and none that the full queue dropped. A handler that needs
/// all of them compares versions, and takes `onStart` as a sign that events may be missing.
@EventLoop
package final class EventFeed {
    /// The most events that wait in the broker for this process. Beyond it the oldest are dropped.
    private static let waiting = 50_000

    private let queue: String
    private let subscriptions: [String: FeedSubscription]
    private let authors: EventAuthors
    private let onStart, onEnd: @EventLoop () -> Void
    private let log = Logger("feed")
    private let outcomes: MetricFamily<Counter>
    /// True while events arrive.
    package private(set) var isListening = false

    /// - Parameters:
    ///   - service: whose feed it is; the queue has its name, so that the account of the service may declare it.
    ///   - subscriptions: at most one for a type of event.
    ///   - authors: an event that they do not accept is dropped.
    ///   - onStart: called when a connection begins to deliver, before its first event: the first time, and after each
    ///     interruption.
    ///   - onEnd: called when a connection no longer delivers.
    package init(
        of service: TenantSlug, subscriptions: [FeedSubscription], authors: EventAuthors, metrics: MetricsRegistry,
        onStart: @escaping @EventLoop () -> Void, onEnd: @escaping @EventLoop () -> Void = {}
    ) {
        queue = "guichet.\(service).feed.\(UUID().uuidString.lowercased())"
        self.subscriptions = Dictionary(uniqueKeysWithValues: subscriptions.map { ($0.name.type, $0) })
        (self.authors, self.onStart, self.onEnd) = (authors, onStart, onEnd)
        outcomes = metrics.counter("messaging.feed.events", by: ["outcome"], "Events of the feed, by outcome.")
    }

    /// The queue, bound for the types that are subscribed to.
    package var topology: Topology {
        var topology = EventRouting.publishing
        topology.queues.append(
            Queue(
                queue, .classic(durable: false, exclusive: true, autoDelete: true),
                limit: .init(messages: Self.waiting, overflow: .dropHead)))
        topology.bindings += subscriptions.values.map(\.name).map { name in
            Binding(
                queue: queue, to: EventRouting.exchange,
                routingKey: "*.\(name.service).\(name.aggregate).\(name.verb).v\(name.version).*")
        }
        return topology
    }

    /// What to consume.
    package var queues: [QueueConsumption] { [QueueConsumption(queue: queue, prefetch: 1000)] }

    /// Follows the connection that consumes the queue.
    package func changed(to state: ConnectionState) {
        let wasListening = isListening
        switch state {
        case .connected, .blocked: isListening = true
        case .connecting, .disconnected, .closed: isListening = false
        case .draining: break
        }
        if isListening, !wasListening { onStart() }
        if wasListening, !isListening { onEnd() }
    }

    /// Handles events in the order in which they arrived. One that cannot be handled is dropped, and logged.
    package func receive(_ deliveries: [Delivery]) -> [Verdict] {
        for delivery in deliveries {
            do {
                try handle(delivery)
            } catch {
                outcomes["refused"].increment()
                log.warning("an event was refused", [.name: delivery.routingKey, .error: error.reason])
            }
        }
        return deliveries.map { _ in .ack }
    }

    private func handle(_ delivery: Delivery) throws(MalformedEvent) {
        var type = delivery.type
        if type == nil { type = try EventAttributes(of: delivery).type }
        guard let type, let subscription = subscriptions[type] else { return outcomes["unwanted"].increment() }
        let tenant = TenantSlug(delivery.routingKey.prefix { $0 != "." })
        if let tenant, !subscription.concerns(tenant) { return outcomes["unheard"].increment() }
        try subscription.handle(delivery.body) { (event, speaker) throws(MalformedEvent) in
            try authors.check(event, of: delivery, speaker: speaker)
        }
        outcomes["handled"].increment()
    }
}
