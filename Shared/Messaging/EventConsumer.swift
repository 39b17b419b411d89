package import AMQP
package import EventLoop
import GuichetProtocol
package import Postgres
package import Primitives
package import Runtime
package import Tenancy

/// Takes the events that a service listens to from its queues and handles them as its subscriptions say, each in one
/// transaction with the record that it was handled: repeated deliveries have no effect, however late.
///
/// Events that arrive together and concern one schema are one transaction, whatever queues they are from. If that fails,
/// each is one of its own, so a message that cannot be handled stops no other. While the home server is away nothing can be handled, and all wait in
/// their order. An event whose tenant is not ready yet, lies on another server that is away, or is locked for too long, is
/// deferred: no other waits behind it. A fact that overtook its predecessor is held in the database until that arrives.
@EventLoop
package final class EventConsumer {
    /// Tries of a message that fails for a reason of its own, before it is parked.
    private static let attempts = 5
    private let backoff = Backoff(from: .milliseconds(100), to: .seconds(2))

    private let service: TenantSlug
    private let subscriptions: SubscriptionTable
    private let handling: EventHandling
    private let retryQueue: RetryQueue
    private let authors: EventAuthors
    private let joint = JointHandling<EventHandling.SchemaKey, IncomingEvent, Together>()
    private let facts: FactRelease
    private let shutdown: GracefulShutdown
    private let log = Logger("events")
    private let handled: MetricFamily<Counter>
    private let factSweep: FactSweep
    private let replayer: Replayer
    private let subscriberReplays: SubscriberReplays
    /// Whether the queues exist and are bound. Until then it asks for no replay, which could miss what follows.
    package var isListening: @EventLoop () -> Bool = { true }

    /// Takes the events of `service` and handles `subscriptions`; at most one for a type of event. An event that `authors`
    /// does not accept is parked. What still waits when `shutdown` is requested goes back into its queue.
    package init(
        service: TenantSlug, subscriptions: [Subscription], directory: TenantDirectory, publisher: AMQPPublisher,
        authors: EventAuthors, metrics: MetricsRegistry, until shutdown: GracefulShutdown
    ) {
        (self.service, self.authors, self.shutdown) = (service, authors, shutdown)
        let replayer = Replayer(service, directory, publisher)
        let subscriberReplays = SubscriberReplays(service, directory, publisher)
        let baselines = HistoryBaselines(service, SubscriptionTable(subscriptions), directory)
        self.subscriptions = SubscriptionTable(
            subscriptions + [
                .to(ReplayRequested.self, scope: .service) { try await replayer.accept($0, $1) },
                .to(SubscriberReplayRequested.self, scope: .service) { try await subscriberReplays.accept($0, $1) },
                .to(ReplayCompleted.self, scope: .service) { event, _ in try await baselines.accept(event) },
            ])
        let handled = metrics.counter(
            "messaging.events.handled", by: ["outcome"], "Events taken from the queues, by outcome.")
        self.handled = handled
        retryQueue = RetryQueue(service, publisher, authors, handled)
        handling = EventHandling(
            subscriptions: self.subscriptions, directory: directory, unavailable: UnavailableDependencies(directory))
        facts = FactRelease(handling, retryQueue, until: shutdown) { outcomes in
            for outcome in outcomes { handled[outcome.rawValue].increment() }
        }
        let requests = ReplayRequests(service: service, facts: Array(self.subscriptions.facts.keys))
        factSweep = FactSweep(directory, facts, requests, metrics)
        (self.replayer, self.subscriberReplays) = (replayer, subscriberReplays)
    }

    /// The statement that deletes, in one schema, the record of messages that cannot be repeated any more.
    package static let prune = Inbox.prune

    /// Handles the facts that wait in any schema and are next, counts those that wait, asks for those that are missing, and
    /// replays what other services and subscribers have asked for.
    package func sweep() async {
        await factSweep(asking: isListening())
        subscriberReplays.run()
        await replayer.run()
    }

    /// The queues and bindings it needs.
    package var topology: Topology { EventRouting.listening(service, to: subscriptions.aggregates) }

    /// The queues to consume. The messages of a queue are handled before the next ones of it.
    package var queues: [QueueConsumption] {
        (0..<Shard.count).map { QueueConsumption(queue: EventRouting.queue(service, shard: $0), prefetch: 32) }
    }

    /// Handles the messages of one queue, and waits as long as the home server is away. Tenants on other servers are
    /// handled meanwhile, each by itself: a server that is slow or away delays none but its own.
    package func receive(_ deliveries: [Delivery]) async -> [Verdict] {
        let events = deliveries.enumerated().map { [authors, subscriptions] place, delivery in
            IncomingEvent(place, delivery) { event, delivery throws(MalformedEvent) in
                // What does not concern the service is dropped without a check of its author.
                guard subscriptions.scope(of: event) != nil else { return }
                let speaker = try subscriptions[event.type]?.speaker?(delivery.body)
                try authors.check(event, of: delivery, speaker: speaker)
            }
        }
        let batches = batches(of: events)
        let elsewhere = batches.filter(isElsewhere).map { batch in EventLoop.start { await self.receive(batch) } }
        var verdicts: [Int: Verdict] = [:]
        for batch in batches where !isElsewhere(batch) { verdicts.merge(await receive(batch)) { $1 } }
        for task in elsewhere { verdicts.merge(await task.value) { $1 } }
        return deliveries.indices.map { verdicts[$0] ?? .requeue }
    }

    private func isElsewhere(_ batch: [IncomingEvent]) -> Bool {
        batch.first.flatMap(tenant).flatMap(handling.directory.serverElsewhere) != nil
    }

    /// Handles events of one schema; returns the verdict on each, by its place.
    private func receive(_ batch: [IncomingEvent]) async -> [Int: Verdict] {
        let result = await handleTogether(batch)
        if case .handled = result { return Dictionary(uniqueKeysWithValues: batch.map { ($0.place, Verdict.ack) }) }
        var verdicts: [Int: Verdict] = [:]
        for event in batch {
            verdicts[event.place] = await traced(event) {
                switch result {
                case .deferred(let error):
                    if await retryQueue.defer(event.delivery, because: error) { return .ack }
                    return await receive(event)
                case .failed(let error): return await receive(event, after: error)
                case .handled, .oneByOne: return await receive(event)
                }
            }
        }
        return verdicts
    }

    /// Events of one schema together, in their order. Only those of one aggregate must not overtake each other.
    private func batches(of events: [IncomingEvent]) -> [[IncomingEvent]] {
        var (batches, places): ([[IncomingEvent]], [EventHandling.SchemaKey: Int]) = ([], [:])
        for event in events {
            // A malformed event gets its own turn, in which it is parked.
            guard let schema = schema(of: event) else {
                batches.append([event])
                continue
            }
            if let place = places[schema] {
                batches[place].append(event)
            } else {
                places[schema] = batches.count
                batches.append([event])
            }
        }
        return batches
    }

    private enum Together {
        case handled, oneByOne
        /// A single event has failed once.
        case failed(any Error)
        case deferred(any Error)
    }

    /// Handles several events at once, with those that other queues deliver for the same schema, and says what must be
    /// done if that fails.
    private func handleTogether(_ batch: [IncomingEvent]) async -> Together {
        guard let schema = schema(of: batch[0]) else { return .oneByOne }
        return await joint.handle(batch, of: schema) { await self.handleAtOnce($0) }
    }

    private func handleAtOnce(_ batch: [IncomingEvent]) async -> Together {
        do {
            try await handle(batch, releasing: HeldFacts.batchSize)
            return .handled
        } catch {
            if batch.count == 1 { return .failed(error) }
            log.debug("events are not handled together", [.count: batch.count, .error: String(reflecting: error)])
            if error is TooManyHeldFacts { return .oneByOne }
            return remedy(for: error, of: batch[0]) == .deferring ? .deferred(error) : .oneByOne
        }
    }

    /// Runs `body` in the trace and with the tenant of the event, which its log lines then have.
    private func traced(_ event: IncomingEvent, _ body: @EventLoop () async -> Verdict) async -> Verdict {
        // A malformed event has neither, and is parked.
        guard let attributes = try? event.attributes else { return await body() }
        return await TraceContext.$current.withValue(attributes.trace) {
            await LogScope.$current.withValue(LogScope(tenant: attributes.tenantid), operation: body)
        }
    }

    /// Handles one event until that succeeds, or it is deferred or parked.
    ///
    /// - Parameter error: why it has failed before.
    private func receive(_ event: IncomingEvent, after error: (any Error)? = nil) async -> Verdict {
        var (failures, waits, earlier) = (0, 0, error)
        while true {
            do {
                if let error = earlier.take() { throw error }
                // A fact that fails after this one must not be taken for a failure of this one.
                try await handle([event], releasing: failures == 0 ? HeldFacts.batchSize : 0)
                return .ack
            } catch {
                switch remedy(for: error, of: event) {
                case .waiting:
                    waits += 1
                    log.warning("waiting for the database", [.error: String(reflecting: error)])
                case .deferring:
                    waits += 1
                    if await retryQueue.defer(event.delivery, because: error) { return .ack }
                case .tryingAgain where failures + 1 < Self.attempts:
                    failures += 1
                case .tryingAgain, .parking:
                    failures += 1
                    if await park(event, because: error, after: failures) { return .ack }
                }
            }
            if await shutdown.wait(atMost: backoff.pause(after: max(failures, waits))) { return .requeue }
        }
    }

    private enum Remedy { case waiting, deferring, tryingAgain, parking }

    /// What to do about an event that failed.
    private func remedy(for error: any Error, of event: IncomingEvent) -> Remedy {
        switch error {
        case is MalformedEvent: return .parking
        case is TenantDirectory.Fault, is UnavailableDependency, is TooManyHeldFacts: return .deferring
        case let error as PostgresError where error.isOutage:
            return handling.unavailable.pause(tenant(of: event), after: error) ? .deferring : .waiting
        default: return .tryingAgain
        }
    }

    /// The schema in which the event is handled. Nil for one that does not concern the service.
    private func schema(of event: IncomingEvent) -> EventHandling.SchemaKey? {
        // A malformed event has no schema.
        guard let attributes = try? event.attributes, let scope = subscriptions.scope(of: attributes) else {
            return nil
        }
        return scope == .tenant ? .tenant(attributes.tenantid) : .service
    }

    /// The tenant in whose schema the event is handled. Nil for the service's own.
    private func tenant(of event: IncomingEvent) -> TenantSlug? {
        if case .tenant(let tenant) = schema(of: event) { tenant } else { nil }
    }

    private func park(_ event: IncomingEvent, because error: any Error, after failures: Int) async -> Bool {
        // A malformed event concerns no subscription, and is no fact.
        let attributes = try? event.attributes
        if let attributes {
            do {
                try await handling.recordParked(attributes, body: event.delivery.body)
            } catch let error as PostgresError where error.isOutage {
                return false
            } catch is UnavailableDependency {
                return false
            } catch {
                log.error("the effect of parking an event is not recorded", [.error: String(reflecting: error)])
            }
        }
        guard await retryQueue.park(event.delivery, because: error, after: failures) else { return false }
        guard let attributes, subscriptions.isFact(attributes) else { return true }
        do {
            try await handling.place(of: attributes)?.store.batch(HeldFacts.mark(attributes, as: .parked))
        } catch {
            // Those behind it wait all the same, as for a fact that is missing.
            log.info("a parked fact is not marked as parked", [.error: String(reflecting: error)])
        }
        return true
    }

    /// Handles one event, or several of one schema, in one transaction.
    private func handle(_ batch: [IncomingEvent], releasing limit: Int) async throws {
        let events = try batch.map { try $0.received() }
        guard let first = events.first?.attributes else { return }
        try await LogScope.$current.withValue(LogScope(tenant: first.tenantid)) {
            guard let place = try await handling.place(of: first) else {
                return handled[EventOutcome.unwanted.rawValue].increment()
            }
            let plan = try await handling.handle(events, at: place, releasing: limit)
            for outcome in plan.outcomes { handled[outcome.rawValue].increment() }
            if plan.isUnfinished { facts.wake(place) }
        }
    }
}
