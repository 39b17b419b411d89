package import AMQP
package import EventLoop
import FoundationEssentials
import GuichetProtocol
package import Postgres
package import Primitives
package import Runtime
package import Tenancy

/// Takes the events that a service listens to from its queues and carries out what its subscriptions say, in one
/// transaction with the record that they were handled: repeated deliveries have no effect, however late.
///
/// Events that have come together and concern one schema are one transaction. When that fails, each is one of its own,
/// so a message that cannot be handled stops nobody but itself. While the home server is away nothing can be handled, and
/// all wait in their order. An event whose tenant is not ready yet, lies on another server that is away, or is locked for
/// too long, is put aside for a while: nobody waits behind it.
@EventLoop
package final class EventConsumer {
    /// Tries of a message that fails for a reason of its own, before it is parked.
    private static let attempts = 5
    /// How long what did not answer is left alone.
    private static let rest: Duration = .seconds(5)

    private let service: TenantSlug
    private let subscriptions: [String: Subscription]
    private let directory: TenantDirectory
    private let shelf: MessageShelf
    private let shutdown: GracefulShutdown
    private let log = Logger("events")
    private let handled: MetricFamily<Counter>
    /// What did not answer, and until when nobody tries it: each try would take its time.
    private var away: [Absentee: ContinuousClock.Instant] = [:]

    /// Takes the events of `service` and carries out `subscriptions`; at most one for a type of event. What still waits when
    /// `shutdown` is requested goes back into its queue.
    package init(
        service: TenantSlug, subscriptions: [Subscription], directory: TenantDirectory, publisher: AMQPPublisher,
        metrics: MetricsRegistry, until shutdown: GracefulShutdown
    ) {
        self.service = service
        self.subscriptions = Dictionary(uniqueKeysWithValues: subscriptions.map { ($0.name.type, $0) })
        (self.directory, self.shutdown) = (directory, shutdown)
        handled = metrics.counter(
            "messaging.events.handled", by: ["outcome"], "Events taken from the queues, by outcome.")
        shelf = MessageShelf(service, publisher, handled)
    }

    /// The statement that forgets, in one schema, which reports were handled long ago.
    package static let prune = Inbox.prune

    /// The queues and bindings it needs.
    package var topology: Topology {
        EventRouting.listening(service, to: Set(subscriptions.values.map { AggregateName(of: $0.name) }))
    }

    /// The queues to consume. What has come of a queue is handled before what comes next.
    package var queues: [QueueConsumption] {
        (0..<Shard.count).map { QueueConsumption(queue: EventRouting.queue(service, shard: $0), prefetch: 32) }
    }

    /// Handles what has come of one queue, however long its reasons to wait last.
    package func receive(_ deliveries: [Delivery]) async -> [Verdict] {
        var verdicts = [Verdict](repeating: .ack, count: deliveries.count)
        for batch in batches(of: deliveries.enumerated().map(Incoming.init)) {
            let obstacle: (any Error)?
            switch await handleTogether(batch) {
            case .handled: continue
            case .oneByOne: obstacle = nil
            case .putAside(let error): obstacle = error
            }
            for event in batch {
                verdicts[event.place] = await traced(event) {
                    if let obstacle, await shelf.putAside(event.delivery, because: obstacle) { return .ack }
                    return await receive(event)
                }
            }
        }
        return verdicts
    }

    /// A delivery, and what its envelope says.
    private struct Incoming {
        /// Which of the deliveries that were handed over together it is.
        let place: Int
        let delivery: Delivery
        private let envelope: Result<EventAttributes, MalformedEvent>

        init(_ place: Int, _ delivery: Delivery) {
            (self.place, self.delivery) = (place, delivery)
            envelope = Result { () throws(MalformedEvent) in
                do {
                    return try JSONDecoder().decode(EventAttributes.self, from: Data(delivery.body))
                } catch {
                    throw MalformedEvent(reason: String(describing: error))
                }
            }
        }

        var attributes: EventAttributes { get throws(MalformedEvent) { try envelope.get() } }
    }

    /// Events of one schema together, in their order. Only those of one aggregate must not overtake each other.
    private func batches(of events: [Incoming]) -> [[Incoming]] {
        var (batches, places): ([[Incoming]], [TenantSlug?: Int]) = ([], [:])
        for event in events {
            // One that is no event gets its own turn, in which it is parked.
            guard let attributes = try? event.attributes, let subscription = subscriptions[attributes.type] else {
                batches.append([event])
                continue
            }
            let tenant = subscription.scope == .tenant ? attributes.tenantid : nil
            if let place = places[tenant] {
                batches[place].append(event)
            } else {
                places[tenant] = batches.count
                batches.append([event])
            }
        }
        return batches
    }

    private enum Together {
        case handled, oneByOne
        case putAside(any Error)
    }

    /// Handles several events at once, and says what must be done when that cannot be.
    private func handleTogether(_ batch: [Incoming]) async -> Together {
        guard batch.count > 1 else { return .oneByOne }
        do {
            count(try await handle(batch))
            return .handled
        } catch {
            log.debug("events are not handled together", [.count: batch.count, .error: String(reflecting: error)])
            return remedy(for: error, of: batch[0]) == .puttingAside ? .putAside(error) : .oneByOne
        }
    }

    /// Whatever is said of the event, its trace and its tenant are said too.
    private func traced(_ event: Incoming, _ body: @EventLoop () async -> Verdict) async -> Verdict {
        // What is no event has neither, and is parked.
        guard let attributes = try? event.attributes else { return await body() }
        return await TraceContext.$current.withValue(attributes.trace) {
            await LogScope.$current.withValue(LogScope(tenant: attributes.tenantid), operation: body)
        }
    }

    private func receive(_ event: Incoming) async -> Verdict {
        var (failures, waits) = (0, 0)
        while true {
            do {
                count(try await handle([event]))
                return .ack
            } catch {
                switch remedy(for: error, of: event) {
                case .waiting:
                    waits += 1
                    log.warning("waiting for the database", [.error: String(reflecting: error)])
                case .puttingAside:
                    waits += 1
                    if await shelf.putAside(event.delivery, because: error) { return .ack }
                case .tryingAgain where failures + 1 < Self.attempts:
                    failures += 1
                case .tryingAgain, .parking:
                    failures += 1
                    if await shelf.park(event.delivery, because: error, after: failures) { return .ack }
                }
            }
            let pause = min(2000, 50 << min(max(failures, waits), 6))
            if await shutdown.wait(atMost: .milliseconds(pause)) { return .requeue }
        }
    }

    private enum Remedy { case waiting, puttingAside, tryingAgain, parking }

    /// What to do about an event that failed.
    private func remedy(for error: any Error, of event: Incoming) -> Remedy {
        switch error {
        case is MalformedEvent: return .parking
        case is TenantDirectory.Fault, is Absentee: return .puttingAside
        case let error as PostgresError where error.isOutage:
            guard let absentee = absentee(in: event, because: error) else { return .waiting }
            away = away.filter { $0.value > .now }
            away[absentee] = .now + Self.rest
            return .puttingAside
        default: return .tryingAgain
        }
    }

    /// Who is the trouble. Nil for the home server, which all that follow need, too: they keep their order and wait.
    private func absentee(in event: Incoming, because error: PostgresError) -> Absentee? {
        guard let tenant = tenant(of: event) else { return nil }
        if let server = directory.serverElsewhere(of: tenant) { return .server(server) }
        return error.code == .timeout ? .tenant(tenant) : nil
    }

    private func requirePresence(of tenant: TenantSlug) throws(Absentee) {
        let server = directory.serverElsewhere(of: tenant).map(Absentee.server)
        for subject in [.tenant(tenant), server] {
            if let subject, let until = away[subject], .now < until { throw subject }
        }
    }

    /// The tenant in whose schema the event is handled. Nil for the service's own.
    private func tenant(of event: Incoming) -> TenantSlug? {
        // What is no event has none either.
        guard let attributes = try? event.attributes, subscriptions[attributes.type]?.scope == .tenant else {
            return nil
        }
        return attributes.tenantid
    }

    private enum Outcome: String { case applied, repeated, unwanted }

    private func count(_ outcomes: [Outcome]) {
        for outcome in outcomes { handled[outcome.rawValue].increment() }
    }

    /// One event, or several of one schema, in one transaction.
    private func handle(_ batch: [Incoming]) async throws -> [Outcome] {
        let events = try batch.map { (attributes: try $0.attributes, body: $0.delivery.body) }
        guard let first = events.first?.attributes, let scope = subscriptions[first.type]?.scope else {
            return [.unwanted]
        }
        return try await LogScope.$current.withValue(LogScope(tenant: first.tenantid)) {
            if scope == .tenant { try requirePresence(of: first.tenantid) }
            let tenant = scope == .tenant ? try await directory.store(for: first.tenantid) : nil
            return try await apply(events, tenant)
        }
    }

    private func apply(
        _ events: [(attributes: EventAttributes, body: [UInt8])], _ tenant: TenantStore?
    ) async throws -> [Outcome] {
        let store = (tenant?.data ?? directory.registry).inBackground
        let (areNew, completions) = try await store.transaction { transaction in
            let context = Subscription.Context(transaction: transaction, tenant: tenant)
            let areNew = try await Inbox.advance(to: events.map(\.attributes), in: transaction)
            try await handle(zip(events, areNew).filter(\.1).map(\.0), context)
            return (areNew, context.completions)
        }
        for completion in completions { completion() }
        return areNew.map { $0 ? .applied : .repeated }
    }

    /// Events of one type that follow each other are handled at once.
    private func handle(
        _ events: [(attributes: EventAttributes, body: [UInt8])], _ context: Subscription.Context
    ) async throws {
        var rest = events[...]
        while let first = rest.first?.attributes {
            let alike = rest.prefix { $0.attributes.type == first.type }
            rest = rest.dropFirst(alike.count)
            guard let subscription = subscriptions[first.type] else { continue }
            try await TraceContext.$current.withValue(first.trace) {
                try await subscription.handle(alike.map(\.body), context)
            }
        }
    }
}

/// What did not answer a moment ago: a database server, or one tenant's tables.
private enum Absentee: Error, Hashable {
    case server(String)
    case tenant(TenantSlug)
}

extension EventAttributes {
    /// A span of its own in the trace of the origin; in a new one when there is none.
    fileprivate var trace: TraceContext {
        traceparent.flatMap(TraceContext.init(traceparent:))?.child() ?? .new()
    }
}

extension PostgresError {
    /// True when trying the very same later may succeed and trying another message now would not.
    fileprivate var isOutage: Bool {
        switch code {
        case .unavailable, .unknownOutcome, .poolExhausted, .timeout: true
        default: false
        }
    }
}
