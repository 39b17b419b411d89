import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Runtime
import Tenancy

/// Handles events of one schema in one transaction with the record that they were handled.
@EventLoop
struct EventHandling {
    let subscriptions: SubscriptionTable
    let directory: TenantDirectory
    let unavailable: UnavailableDependencies
    /// How long events of a tenant on another server than the home server keep those behind them waiting.
    private static let patience: Duration = .milliseconds(1500)

    /// The schema in which an event is handled; nil if it does not concern the service. Throws ``UnavailableDependency`` and
    /// ``TenantDirectory/Fault``.
    func place(of event: EventAttributes) async throws -> Place? {
        switch subscriptions.scope(of: event) {
        case nil: return nil
        case .service:
            try unavailable.check(nil)
            return Place(store: directory.registry.inBackground, tenant: nil)
        case .tenant:
            try unavailable.check(event.tenantid)
            // What is still on its way to a tenant that was removed has no reader.
            return try await directory.storeOfAny(event.tenantid).map(Place.init)
        }
    }

    /// The schema in which an event is handled, known without the directory.
    enum SchemaKey: Hashable {
        case service
        case tenant(TenantSlug)
    }

    struct Place {
        let store: SchemaStore
        let tenant: TenantStore?

        @EventLoop init(_ tenant: TenantStore) { self.init(store: tenant.data.inBackground, tenant: tenant) }

        init(store: SchemaStore, tenant: TenantStore?) { (self.store, self.tenant) = (store, tenant) }
    }

    /// Handles events that were delivered, and with them at most `limit` facts that waited for them.
    ///
    /// Throws ``UnavailableDependency`` if a tenant on another server takes too long. The transaction then goes on by
    /// itself; if it succeeds, the next delivery of the events is a repetition.
    func handle(_ events: [ReceivedEvent], at place: Place, releasing limit: Int) async throws -> InboxPlan {
        guard let tenant = place.tenant?.tenant.slug, directory.serverElsewhere(of: tenant) != nil else {
            return try await advance(events, at: place, releasing: limit)
        }
        let outcome = Promise<Result<InboxPlan, any Error>?>()
        EventLoop.start {
            do {
                outcome.fulfil(.success(try await advance(events, at: place, releasing: limit)))
            } catch {
                let isInTime = outcome.fulfil(.failure(error))
                guard !isInTime, let error = error as? PostgresError, error.isOutage else { return }
                unavailable.pause(tenant, after: error)
            }
        }
        let timer = EventLoop.schedule(after: Self.patience) { outcome.fulfil(nil) }
        defer { timer.cancel() }
        if let result = await outcome.fulfilment() { return try result.get() }
        unavailable.pause(.tenant(tenant))
        throw UnavailableDependency.tenant(tenant)
    }

    private func advance(_ events: [ReceivedEvent], at place: Place, releasing limit: Int) async throws -> InboxPlan {
        try await run(at: place) { transaction in
            try await Inbox.advance(
                to: events, where: subscriptions.isFact, releasing: limit, in: transaction)
        }
    }

    /// Handles at most `limit` facts of each aggregate whose predecessor has come.
    func release(_ aggregates: [FollowedAggregate], at place: Place, limit: Int) async throws -> InboxPlan {
        try await run(at: place) { transaction in
            let known = try await Inbox.progress(of: aggregates, withFactsOf: aggregates, in: transaction)
            var plan = InboxPlan(known: known, releasing: limit)
            for aggregate in aggregates { plan.release(aggregate) }
            try await Inbox.record(plan, in: transaction)
            return plan
        }
    }

    /// Lets the subscription of an event record that it is parked. Does nothing if it has no handler for that.
    func recordParked(_ event: EventAttributes, body: [UInt8]) async throws {
        guard let handler = subscriptions[event.type]?.handleParked, let place = try await place(of: event) else {
            return
        }
        let completions = try await place.store.transaction { transaction in
            let context = Subscription.Context(transaction: transaction, tenant: place.tenant)
            try await handler(ParkedEvent(attributes: event, body: body), context)
            return context.completions
        }
        for completion in completions { completion() }
    }

    private func run(
        at place: Place, _ plan: @EventLoop (Transaction) async throws -> InboxPlan
    ) async throws -> InboxPlan {
        let (result, completions) = try await place.store.transaction { transaction in
            let context = Subscription.Context(transaction: transaction, tenant: place.tenant)
            let result = try await plan(transaction)
            try await handle(result.handled, context) { $0.handle }
            try await handle(result.repeated, context) { $0.handleRepeated }
            return (result, context.completions)
        }
        for completion in completions { completion() }
        return result
    }

    /// Events of one type, or of one family, that follow each other are handled at once.
    private func handle(
        _ events: [ReceivedEvent], _ context: Subscription.Context, by handler: (Subscription) -> Subscription.Handler?
    ) async throws {
        var rest = events[...]
        while let first = rest.first?.attributes {
            let alike = rest.prefix { subscriptions.areAlike($0.attributes, first) }
            rest = rest.dropFirst(alike.count)
            // A fact of a type without a subscription only counts.
            guard let subscription = subscriptions[first.type], let handle = handler(subscription) else { continue }
            try await TraceContext.$current.withValue(first.trace) { try await handle(alike.map(\.body), context) }
        }
    }
}

extension EventAttributes {
    /// A span of its own in the trace of the origin; in a new one when there is none.
    var trace: TraceContext { traceparent.flatMap(TraceContext.init(traceparent:))?.child() ?? .new() }
}
