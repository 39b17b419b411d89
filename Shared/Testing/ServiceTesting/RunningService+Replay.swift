import AMQP
package import AMQPTesting
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import ServiceHost
import Tenancy

extension RunningService {
    /// Publishes the examples of all events that the service subscribes to, one after the other, and waits until each
    /// one was handled. The tenant that they use is announced by the examples, too. Throws ``NotHandled`` if one has no
    /// effect, was parked, or is missing.
    package func replayExamples(over broker: TestBroker) async throws {
        try await wait { $0.host.platform.broker.isListening }
        let publisher = try await broker.publisher(declaring: EventRouting.publishing)
        let parked = ParkedMessages(of: host.platform.service, try broker.configuration())
        let subscriptions = host.subscriptions
        var unseen = Set(subscriptions.map(\.name.type))
        for example in try EventExample.all() {
            let type = example.attributes.type
            guard let subscription = subscriptions.first(where: { $0.name.type == type }) else { continue }
            unseen.remove(type)
            do {
                try await replay(example, to: subscription, by: publisher)
            } catch is NeverHappened {
                throw NotHandled(types: [type], parked: try await parked.list(limit: 10))
            }
        }
        await publisher.drain()
        let left = try await parked.list(limit: 10)
        guard unseen.isEmpty, left.isEmpty else { throw NotHandled(types: unseen.sorted(), parked: left) }
    }

    private func replay(
        _ example: EventExample, to subscription: Subscription, by publisher: AMQPPublisher
    ) async throws {
        let event = example.attributes
        if subscription.scope == .tenant { try await wait { try await $0.serves(event.tenantid) } }
        let directory = host.platform.directory
        let store =
            subscription.scope == .tenant ? try await directory.store(for: event.tenantid).data : directory.registry
        // Examples of one aggregate may have the same version: each one must be handled as new.
        try await store.query("DELETE FROM inbox WHERE source = \(event.source) AND aggregate = \(event.subject)")
        try await publisher.publish(
            OutgoingMessage(
                exchange: EventRouting.exchange,
                routingKey: subscription.name.routingKey(
                    tenant: event.tenantid, shard: Shard.of(event.partitionkey)),
                body: example.body, contentType: "application/cloudevents+json; charset=utf-8",
                messageID: event.id.description, type: event.type))
        try await wait { _ in
            let handled = try await store.query(
                """
                SELECT 1 FROM inbox
                WHERE source = \(event.source) AND aggregate = \(event.subject) AND version = \(event.version)
                """)
            return !handled.isEmpty
        }
    }
}

/// Not every example that the service subscribes to was handled.
struct NotHandled: Error {
    /// The types of those events.
    let types: [String]
    /// The messages that were parked meanwhile, with the reasons.
    let parked: [ParkedMessages.Entry]
}
