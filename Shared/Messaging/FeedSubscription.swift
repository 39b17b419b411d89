import EventLoop
package import GuichetProtocol
package import Primitives

/// How a process handles one type of event of its ``EventFeed``.
package struct FeedSubscription: Sendable {
    /// The event that it handles.
    package let name: EventName
    /// Whether an event of the tenant can have an effect now. It is dropped unread otherwise.
    private(set) var concerns: @EventLoop @Sendable (TenantSlug) -> Bool = { _ in true }
    let handle: @EventLoop @Sendable (_ body: [UInt8], _ check: AuthorCheck) throws(MalformedEvent) -> Void

    /// Throws ``MalformedEvent`` for an event that its author may not publish.
    typealias AuthorCheck = (EventAttributes, _ speaker: TenantSlug?) throws(MalformedEvent) -> Void

    /// The same subscription for the tenants of which `concerns` is true when an event of theirs arrives. Reading an event
    /// costs much more than dropping it.
    package func only(for concerns: @escaping @EventLoop @Sendable (TenantSlug) -> Bool) -> FeedSubscription {
        var subscription = self
        subscription.concerns = concerns
        return subscription
    }

    /// Handles the events of one type.
    package static func to<Payload: Event>(
        _ type: Payload.Type, _ handler: @escaping @EventLoop @Sendable (CloudEvent<Payload>) -> Void
    ) -> FeedSubscription {
        FeedSubscription(name: Payload.name) { (body, check) throws(MalformedEvent) in
            let event: CloudEvent<Payload> = try Subscription.decode(body)
            try check(event.attributes, Payload.name.isOfEveryService ? event.data.speaker : nil)
            guard event.type == Payload.name.type else { throw MalformedEvent(reason: "\(event.type) in its place") }
            handler(event)
        }
    }

    /// Handles every event of a family in one way: one subscription for each member.
    package static func toFamily<Family: EventFamily>(
        _ family: Family.Type, _ handler: @escaping @EventLoop @Sendable (CloudEvent<Family>) -> Void
    ) -> [FeedSubscription] {
        Family.members.map { member in
            let name = member.name
            return FeedSubscription(name: name) { (body, check) throws(MalformedEvent) in
                let event: CloudEvent<Family> = try Subscription.decode(body)
                try check(event.attributes, nil)
                guard event.type == name.type else { throw MalformedEvent(reason: "\(event.type) in its place") }
                handler(event)
            }
        }
    }
}
