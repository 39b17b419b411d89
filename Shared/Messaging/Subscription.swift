package import EventLoop
import FoundationEssentials
package import GuichetProtocol
package import Postgres
import Primitives
package import Tenancy

/// How a service handles one type of event. Its list of subscriptions is all that it listens to.
package struct Subscription: Sendable {
    /// The schema to which the effect, and the record that the event was handled, are written.
    package enum Scope: Sendable {
        /// The service's own schema.
        case service
        /// The schema of the tenant whose event it is.
        case tenant
    }

    /// Which events of an aggregate are needed.
    package enum Taking: Sendable {
        /// The newest one says all: an older one that arrives late is dropped.
        case newestState
        /// All of them, one after the other: one that overtook its predecessor waits for it. The versions of the
        /// aggregate must begin at 1 and have no gaps, and each of its events counts, also those of other types.
        case everyFact
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

        /// Calls `body` after the commit; not at all if the process dies before.
        package func afterCommit(_ body: @escaping @EventLoop () -> Void) { completions.append(body) }
    }

    /// The event that it handles.
    package let name: EventName
    /// Where its effect is written.
    package let scope: Scope
    /// Which events of an aggregate it needs.
    package let taking: Taking
    /// The family whose events are handled together, whatever their types; nil for a type by itself.
    var family: ObjectIdentifier? = nil
    let handle: Handler
    /// Returns the service that published an event, for types that every service publishes; nil for all others.
    var speaker: (@Sendable (_ body: [UInt8]) throws(MalformedEvent) -> TenantSlug?)?
    /// Called with events that change nothing. Nil if they are dropped without a trace.
    var handleRepeated: Handler?
    private(set) var handleParked: (@EventLoop @Sendable (ParkedEvent, Context) async throws -> Void)?

    typealias Handler = @EventLoop @Sendable (_ bodies: [[UInt8]], Context) async throws -> Void

    /// Handles the events of one type, one by one. An event for which `handler` throws is tried again, and parked if it
    /// throws each time.
    package static func to<Payload: Event>(
        _ type: Payload.Type, scope: Scope, taking: Taking = .newestState,
        _ handler: @escaping @EventLoop @Sendable (CloudEvent<Payload>, Context) async throws -> Void
    ) -> Subscription {
        toAll(type, scope: scope, taking: taking) { events, context in
            for event in events { try await handler(event, context) }
        }
    }

    /// Handles the events of one type, several at once if they arrived one behind the other: at least one, in their order.
    /// If `handler` throws, each is tried again by itself.
    package static func toAll<Payload: Event>(
        _ type: Payload.Type, scope: Scope, taking: Taking = .newestState,
        _ handler: @escaping @EventLoop @Sendable ([CloudEvent<Payload>], Context) async throws -> Void
    ) -> Subscription {
        var subscription = Subscription(name: Payload.name, scope: scope, taking: taking) { bodies, context in
            try await handler(try bodies.map(decode), context)
        }
        if Payload.name.isOfEveryService {
            subscription.speaker = { (body) throws(MalformedEvent) in
                let event: CloudEvent<Payload> = try decode(body)
                return event.data.speaker
            }
        }
        return subscription
    }

    /// The same subscription, which calls `handler` before an event is parked: until an operator replays it, its effect is
    /// missing. `handler` records what is therefore uncertain.
    package func whenParked(
        _ handler: @escaping @EventLoop @Sendable (ParkedEvent, Context) async throws -> Void
    ) -> Subscription {
        var subscription = self
        subscription.handleParked = handler
        return subscription
    }

    static func decode<Payload>(_ body: [UInt8]) throws(MalformedEvent) -> CloudEvent<Payload> {
        do {
            return try JSONDecoder().decode(CloudEvent<Payload>.self, from: Data(body))
        } catch {
            throw MalformedEvent(reason: String(describing: error))
        }
    }
}

/// An event that could not be handled.
package struct ParkedEvent: Sendable {
    /// What its envelope says.
    package let attributes: EventAttributes
    let body: [UInt8]

    /// The event with its payload. Returns nil if it is not of this form, which may be why it was parked.
    package func decoded<Payload>(as _: Payload.Type = Payload.self) -> CloudEvent<Payload>? {
        try? Subscription.decode(body)  // The caller acts on the attributes alone.
    }
}

/// A message that is not an event of its type: trying again would not help.
package struct MalformedEvent: Error {
    let reason: String
}
