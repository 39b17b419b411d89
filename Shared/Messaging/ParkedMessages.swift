package import AMQP
import GuichetProtocol
package import Primitives

/// The messages of a service that it could not handle: to be looked at, and handled again once the cause is gone.
package struct ParkedMessages: Sendable {
    /// One message and why it is here.
    package struct Entry: Sendable, CustomStringConvertible {
        /// The id of its CloudEvent, or whatever its publisher called it.
        package let id: String
        /// The CloudEvents type; the routing key of a message that has none.
        package let type: String
        /// The error of the last try, or why the broker gave it up; `unknown` if nobody said.
        package let reason: String

        package var description: String { "\(id)  \(type)  \(reason)" }
    }

    private let service: TenantSlug
    private let shovel: AMQPShovel

    package init(of service: TenantSlug, _ configuration: AMQPConfiguration) {
        self.service = service
        shovel = AMQPShovel(configuration)
    }

    /// The oldest messages, at most `limit`.
    package func list(limit: Int) async throws -> [Entry] {
        try await shovel.peek(EventRouting.parkedQueue(service), limit: limit).map { delivery in
            Entry(
                id: delivery.messageID, type: delivery.type ?? delivery.routingKey,
                reason: delivery.headers[EventRouting.reasonHeader] ?? delivery.deathReason ?? "unknown")
        }
    }

    /// Throws the message of this id away for good, if it is among the oldest `limit`; false when it is not.
    package func discard(id: String, limit: Int) async throws -> Bool {
        try await shovel.discard(from: EventRouting.parkedQueue(service), limit: limit) { $0.messageID == id } > 0
    }

    /// Puts the oldest messages, at most `limit`, back into the queues they came from, in order; returns how many.
    package func replay(limit: Int) async throws -> Int {
        try await shovel.move(from: EventRouting.parkedQueue(service), limit: limit) { delivery in
            let queue = delivery.headers[EventRouting.queueHeader] ?? delivery.deathQueue ?? delivery.queue
            return delivery.copy(to: EventRouting.parking, queue)
        }
    }
}
