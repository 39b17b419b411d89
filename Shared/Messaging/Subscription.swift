package import EventLoop
import FoundationEssentials
package import GuichetProtocol
package import Postgres
package import Tenancy

/// What a service does about one kind of event. The list of these is all that it listens to.
package struct Subscription: Sendable {
    /// Where the effect, and the record that it happened, are written.
    package enum Scope: Sendable {
        /// The service's own schema.
        case service
        /// The schema of the tenant whose event it is.
        case tenant
    }

    /// What a handler works with.
    @EventLoop
    package final class Context {
        /// The transaction that also records the events as handled.
        package let transaction: Transaction
        /// The tenant, when the scope is one.
        package let tenant: TenantStore?
        private(set) var completions: [@EventLoop () -> Void] = []

        init(transaction: Transaction, tenant: TenantStore?) {
            self.transaction = transaction
            self.tenant = tenant
        }

        /// Calls `body` once the transaction is committed; if the process dies before, never.
        package func afterCommit(_ body: @escaping @EventLoop () -> Void) { completions.append(body) }
    }

    /// The event that it is about.
    package let name: EventName
    /// Where its effect is written.
    package let scope: Scope
    let handle: @EventLoop @Sendable (_ bodies: [[UInt8]], Context) async throws -> Void

    /// Handles the events of one type, one by one. Whatever `handler` throws is tried again, and parked if it stays.
    package static func to<Payload: Event>(
        _ type: Payload.Type, scope: Scope,
        _ handler: @escaping @EventLoop @Sendable (CloudEvent<Payload>, Context) async throws -> Void
    ) -> Subscription {
        toAll(type, scope: scope) { events, context in
            for event in events { try await handler(event, context) }
        }
    }

    /// Handles the events of one type, several at once when they have come one behind the other: one at least, in their
    /// order. When `handler` throws, each is tried again by itself.
    package static func toAll<Payload: Event>(
        _ type: Payload.Type, scope: Scope,
        _ handler: @escaping @EventLoop @Sendable ([CloudEvent<Payload>], Context) async throws -> Void
    ) -> Subscription {
        Subscription(name: Payload.name, scope: scope) { bodies, context in
            try await handler(try bodies.map(decode), context)
        }
    }

    static func decode<Payload>(_ body: [UInt8]) throws(MalformedEvent) -> CloudEvent<Payload> {
        do {
            return try JSONDecoder().decode(CloudEvent<Payload>.self, from: Data(body))
        } catch {
            throw MalformedEvent(reason: String(describing: error))
        }
    }
}

/// A message that is no event of the type it claims to be: trying again would not help.
package struct MalformedEvent: Error {
    let reason: String
}
