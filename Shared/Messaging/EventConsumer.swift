package import AMQP
package import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
package import Primitives
package import Runtime
package import Tenancy

/// Takes the events that a service listens to from its queues and carries out what its subscriptions say, each event
/// in one transaction with the record that it was handled: repeated deliveries have no effect, however late.
@EventLoop
package final class EventConsumer {
    /// Tries of a message that fails for a reason of its own, before it is parked.
    private static let attempts = 5

    private let service: TenantSlug
    private let subscriptions: [String: Subscription]
    private let directory: TenantDirectory
    private let publisher: AMQPPublisher
    private let log = Logger("events")
    private let handled: MetricFamily<Counter>

    /// Takes the events of `service` and carries out `subscriptions`; at most one for a type of event.
    package init(
        service: TenantSlug, subscriptions: [Subscription], directory: TenantDirectory, publisher: AMQPPublisher,
        metrics: MetricsRegistry
    ) {
        self.service = service
        self.subscriptions = Dictionary(uniqueKeysWithValues: subscriptions.map { ($0.name.type, $0) })
        self.directory = directory
        self.publisher = publisher
        handled = metrics.counter(
            "messaging.events.handled", by: ["outcome"], "Events taken from the queues, by outcome.")
    }

    /// The queues and bindings it needs.
    package var topology: Topology {
        EventRouting.listening(service, to: Set(subscriptions.values.map { AggregateName(of: $0.name) }))
    }

    /// The queues to consume. A message is handled before the next of its queue begins.
    package var queues: [QueueConsumption] {
        (0..<Shard.count).map { QueueConsumption(queue: EventRouting.queue(service, shard: $0), prefetch: 16) }
    }

    /// Handles one message, however long its reasons to wait last.
    package func receive(_ delivery: Delivery) async -> Verdict {
        var failures = 0
        while true {
            do {
                handled[try await handle(delivery).rawValue].increment()
                return .ack
            } catch let error as PostgresError where error.isOutage {
                // The database is away, for this message as for all that follow: keep the order and wait.
                log.warning("waiting for the database", [.error: String(reflecting: error)])
            } catch {
                failures += 1
                if failures >= Self.attempts || error is MalformedEvent {
                    if await park(delivery, because: error, after: failures) { return .ack }
                }
            }
            do {
                try await EventLoop.sleep(for: .milliseconds(min(2000, 50 << min(failures, 6))))
            } catch {
                return .requeue
            }
        }
    }

    private enum Outcome: String { case applied, repeated, unwanted }

    private func handle(_ delivery: Delivery) async throws -> Outcome {
        let event: EventAttributes
        do {
            event = try JSONDecoder().decode(EventAttributes.self, from: Data(delivery.body))
        } catch {
            throw MalformedEvent(reason: String(describing: error))
        }
        guard let subscription = subscriptions[event.type] else { return .unwanted }
        let trace = event.traceparent.flatMap(TraceContext.init(traceparent:))?.child() ?? .new()
        return try await TraceContext.$current.withValue(trace) {
            try await LogScope.$current.withValue(LogScope(tenant: event.tenantid)) {
                try await apply(event, subscription, delivery.body)
            }
        }
    }

    private func apply(
        _ event: EventAttributes, _ subscription: Subscription, _ body: [UInt8]
    ) async throws -> Outcome {
        let tenant: TenantStore? =
            switch subscription.scope {
            case .service: nil
            case .tenant: try await directory.store(for: event.tenantid)
            }
        let completions = try await (tenant?.data ?? directory.registry).inBackground.transaction { transaction in
            guard try await Inbox.advance(to: event, gaps: subscription.gaps, in: transaction) else {
                return [@EventLoop () -> Void]?.none
            }
            let context = Subscription.Context(transaction: transaction, tenant: tenant)
            try await subscription.handle(body, context)
            return context.completions
        }
        guard let completions else { return .repeated }
        for completion in completions { completion() }
        return .applied
    }

    /// Moves the message out of the way, with the reason. False when the broker does not take it: then it is tried on.
    private func park(_ delivery: Delivery, because error: any Error, after failures: Int) async -> Bool {
        let reason = String(String(reflecting: error).prefix(500))
        log.error("a message is parked", [.error: reason, .name: delivery.routingKey, .attempt: failures])
        var headers = delivery.headers.filter { $0.key.hasPrefix("cloudEvents_") }
        headers[EventRouting.reasonHeader] = reason
        headers[EventRouting.queueHeader] = delivery.queue
        do {
            try await publisher.publish(
                OutgoingMessage(
                    exchange: EventRouting.parking, routingKey: service.description, body: delivery.body,
                    contentType: delivery.contentType, messageID: delivery.messageID, type: delivery.type,
                    timestamp: delivery.timestamp, headers: headers))
            handled["parked"].increment()
            return true
        } catch {
            log.warning("a message could not be parked", [.error: "\(error)"])
            return false
        }
    }
}

/// The record of what was handled: one row an aggregate, which also tells gaps.
private enum Inbox {
    /// False when the event was handled before.
    @EventLoop
    static func advance(to event: EventAttributes, gaps: Subscription.Gaps, in transaction: Transaction) async throws
        -> Bool
    {
        let before = try await transaction.batch([
            """
            INSERT INTO inbox (source, aggregate, version) VALUES (\(event.source), \(event.subject), 0)
            ON CONFLICT DO NOTHING
            """,
            """
            SELECT version FROM inbox WHERE source = \(event.source) AND aggregate = \(event.subject) FOR UPDATE
            """,
        ])[1][0].get("version", as: Int.self)
        guard event.version > before else { return false }
        if gaps == .refused, event.version > before + 1 {
            throw Gap(subject: event.subject, last: before, this: event.version)
        }
        try await transaction.query(
            """
            UPDATE inbox SET version = \(event.version), handled_at = now()
            WHERE source = \(event.source) AND aggregate = \(event.subject)
            """)
        return true
    }
}

/// Events of an aggregate are missing.
private struct Gap: Error {
    let subject: String
    let last: Int
    let this: Int
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
