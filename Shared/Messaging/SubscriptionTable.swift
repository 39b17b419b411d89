import GuichetProtocol

/// The subscriptions of a service: which events concern it, where, and of which it may not skip one.
struct SubscriptionTable: Sendable {
    private let subscriptions: [String: Subscription]
    /// The aggregates of which every fact is taken, and where these are handled.
    let facts: [AggregateName: Subscription.Scope]

    /// At most one subscription for a type of event; those of one aggregate take it in one way if one of them takes every
    /// fact.
    init(_ subscriptions: [Subscription]) {
        self.subscriptions = Dictionary(uniqueKeysWithValues: subscriptions.map { ($0.name.type, $0) })
        facts = Dictionary(
            subscriptions.filter { $0.taking == .everyFact }.map { (AggregateName(of: $0.name), $0.scope) }
        ) { first, second in
            precondition(first == second, "facts of one aggregate are handled in one schema")
            return first
        }
        for subscription in subscriptions where facts[AggregateName(of: subscription.name)] != nil {
            precondition(subscription.taking == .everyFact, "\(subscription.name.type) takes every fact, as others do")
        }
    }

    /// The aggregates to bind queues for.
    var aggregates: Set<AggregateName> { Set(subscriptions.values.map { AggregateName(of: $0.name) }) }

    subscript(type: String) -> Subscription? { subscriptions[type] }

    /// Whether both events are handled by one call, if they follow each other.
    func areAlike(_ first: EventAttributes, _ second: EventAttributes) -> Bool {
        if first.type == second.type { return true }
        guard let family = subscriptions[first.type]?.family else { return false }
        return family == subscriptions[second.type]?.family
    }

    /// Where the event is handled. Nil for one that does not concern the service.
    func scope(of event: EventAttributes) -> Subscription.Scope? {
        subscriptions[event.type]?.scope ?? AggregateName(of: event).flatMap { facts[$0] }
    }

    /// True when no event of the aggregate may be skipped, even those of types without a subscription: they count.
    func isFact(_ event: EventAttributes) -> Bool {
        guard !facts.isEmpty, let aggregate = AggregateName(of: event) else { return false }
        return facts[aggregate] != nil
    }
}
