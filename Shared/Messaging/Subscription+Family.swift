import EventLoop
package import GuichetProtocol

extension Subscription {
    /// Handles every event of a family in one way: one subscription for each member. The handler receives what the
    /// members have in common, and as in ``toAll(_:scope:taking:_:)`` several events at once if they arrive together.
    ///
    /// - Parameter repeated: gets the events that are dropped, because they were handled before or a newer one of their
    ///   aggregate was. It may not change what `handler` has done.
    package static func toFamily<Family: EventFamily>(
        _ family: Family.Type, scope: Scope, taking: Taking = .newestState,
        repeated: (@EventLoop @Sendable ([CloudEvent<Family>], Context) async throws -> Void)? = nil,
        _ handler: @escaping @EventLoop @Sendable ([CloudEvent<Family>], Context) async throws -> Void
    ) -> [Subscription] {
        Family.members.map { member in
            var subscription = Subscription(
                name: member.name, scope: scope, taking: taking, family: ObjectIdentifier(family)
            ) { bodies, context in
                try await handler(try bodies.map(decode), context)
            }
            if let repeated {
                subscription.handleRepeated = { bodies, context in try await repeated(try bodies.map(decode), context) }
            }
            return subscription
        }
    }
}
