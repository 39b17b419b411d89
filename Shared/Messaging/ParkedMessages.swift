package import AMQP
import GuichetProtocol
package import Primitives

/// The messages that a service could not handle: for an operator to see, and to handle again once the cause is gone.
package struct ParkedMessages: Sendable {
    /// One message and why it is here.
    package struct Entry: Sendable, CustomStringConvertible {
        /// The id of its CloudEvent, or what its publisher called it.
        package let id: String
        /// The CloudEvents type; the routing key of a message that has none.
        package let type: String
        /// The error of the last try, or why the broker gave it up; `unknown` if neither is known.
        package let reason: String
        /// The facts that wait until this one was handled or discarded.
        package internal(set) var waiting: [WaitingFact] = []
        /// Nil for a malformed event, or one of another author than it names.
        let event: EventAttributes?

        package var description: String {
            (["\(id)  \(type)  \(reason)"] + waiting.map { "    waits behind it: \($0)" }).joined(separator: "\n")
        }
    }

    private let service: TenantSlug
    private let shovel: AMQPShovel
    private let authors: EventAuthors
    private let facts: WaitingFacts?

    /// - Parameters:
    ///   - authors: nil if each service has an account of its name.
    ///   - facts: the facts that wait behind parked ones, for a service that takes every fact of an aggregate.
    package init(
        of service: TenantSlug, _ configuration: AMQPConfiguration, authors: EventAuthors? = nil,
        facts: WaitingFacts? = nil
    ) {
        (self.service, self.facts) = (service, facts)
        self.authors = authors ?? EventAuthors(account: configuration.user)
        shovel = AMQPShovel(configuration)
    }

    /// The oldest messages, at most `limit`.
    package func list(limit: Int) async throws -> [Entry] {
        var entries = try await shovel.peek(EventRouting.parkedQueue(service), limit: limit).map { delivery in
            Entry(
                id: delivery.messageID, type: delivery.type ?? delivery.routingKey,
                reason: delivery.headers[EventRouting.reasonHeader] ?? delivery.deathReason ?? "unknown",
                event: fact(in: delivery))
        }
        guard let facts else { return entries }
        for index in entries.indices {
            guard let event = entries[index].event else { continue }
            entries[index].waiting = try await facts.behind(event)
        }
        return entries
    }

    /// Discards the message of this id if it is among the oldest `limit`, and returns whether it was. The facts behind it
    /// are then handled without it.
    package func discard(id: String, limit: Int) async throws -> Bool {
        if let facts {
            let found = try await shovel.peek(EventRouting.parkedQueue(service), limit: limit).filter {
                $0.messageID == id
            }
            for event in found.compactMap(fact) { try await facts.skip(event) }
        }
        return try await shovel.discard(from: EventRouting.parkedQueue(service), limit: limit) { $0.messageID == id }
            > 0
    }

    /// Puts the oldest messages, at most `limit`, back into the queues they came from, in order; returns how many. The
    /// facts behind them follow by themselves.
    package func replay(limit: Int) async throws -> Int {
        // One that fails again at once is behind those that are here now, and stays.
        let count = try await shovel.peek(EventRouting.parkedQueue(service), limit: limit).count
        return try await shovel.move(from: EventRouting.parkedQueue(service), limit: count) { [authors] delivery in
            let queue = delivery.headers[EventRouting.queueHeader] ?? delivery.deathQueue ?? delivery.queue
            return delivery.copy(to: EventRouting.parking, queue, author: authors.author(of: delivery))
        }
    }

    /// The event, if it may be a fact: nothing waits behind one that is malformed or that another author has published.
    private func fact(in delivery: Delivery) -> EventAttributes? {
        do {
            let event = try EventAttributes(of: delivery)
            try authors.check(event, of: delivery, speaker: nil)
            return event
        } catch {
            return nil
        }
    }
}
