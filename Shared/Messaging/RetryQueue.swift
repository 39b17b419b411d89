import AMQP
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Runtime
import Tenancy

/// The queues of messages that a service cannot handle now: of deferred ones, which the broker delivers again, and of
/// parked ones, which wait for an operator.
@EventLoop
struct RetryQueue {
    /// How long an event is deferred again and again before it is parked, unless an outage is the cause.
    static let patience: Duration = .seconds(3600)
    /// How long an event is deferred before it returns less often.
    private static let shortWait: Duration = .seconds(60)

    private let service: TenantSlug
    private let publisher: AMQPPublisher
    private let authors: EventAuthors
    private let log = Logger("events")
    private let handled: MetricFamily<Counter>

    init(
        _ service: TenantSlug, _ publisher: AMQPPublisher, _ authors: EventAuthors, _ handled: MetricFamily<Counter>
    ) {
        (self.service, self.publisher, self.authors, self.handled) = (service, publisher, authors, handled)
    }

    /// Lets the broker deliver the message again after a pause. Returns false if the broker does not take it.
    ///
    /// An outage is not a fault of the message: it is deferred as long as the outage lasts. For any other reason it is
    /// parked after ``patience``, or if too many are deferred.
    func `defer`(_ delivery: Delivery, because error: any Error) async -> Bool {
        let (now, earlier) = (Instant.now, delivery.headers[EventRouting.waitingHeader])
        let since = earlier.flatMap { Instant(rfc3339: $0) } ?? now
        let isOutage = error.isOutage
        guard isOutage || now - since < Self.patience else { return await park(delivery, because: error, after: 1) }
        if earlier == nil {
            log.info("an event is deferred", [.error: String(reflecting: error), .name: delivery.routingKey])
        }
        do {
            try await publisher.publish(
                delivery.copy(
                    to: now - since < Self.shortWait ? EventRouting.waiting : EventRouting.longWaiting,
                    delivery.queue, author: authors.author(of: delivery),
                    [EventRouting.waitingHeader: since.description]))
            handled["postponed"].increment()
            return true
        } catch .refused where !isOutage {
            return await park(delivery, because: error, after: 1)
        } catch {
            log.warning("an event could not be deferred", [.error: "\(error)"])
            return false
        }
    }

    /// Parks the message with the reason. Returns false if the broker does not take it.
    func park(_ delivery: Delivery, because error: any Error, after failures: Int) async -> Bool {
        await park(
            delivery.copy(
                to: EventRouting.parking, service.description, author: authors.author(of: delivery),
                [EventRouting.queueHeader: delivery.queue]),
            because: error, after: failures)
    }

    /// Parks a fact that has waited in the database.
    func park(_ event: ReceivedEvent, because error: any Error, after failures: Int) async -> Bool {
        let queue = EventRouting.queue(service, shard: Shard.of(event.attributes.partitionkey))
        var message = event.message(to: EventRouting.parking, service.description)
        message.headers[EventRouting.queueHeader] = queue
        message.headers[EventRouting.authorHeader] = authors.account(of: event.attributes)
        return await park(message, because: error, after: failures)
    }

    private func park(_ message: OutgoingMessage, because error: any Error, after failures: Int) async -> Bool {
        let reason = String(String(reflecting: error).prefix(500))
        log.error(
            "a message is parked", [.error: reason, .name: message.type ?? message.routingKey, .attempt: failures])
        var message = message
        message.headers[EventRouting.reasonHeader] = reason
        do {
            try await publisher.publish(message)
            handled["parked"].increment()
            return true
        } catch {
            log.warning("a message could not be parked", [.error: "\(error)"])
            return false
        }
    }
}

extension Error {
    /// True if the message cannot be the cause. A statement that takes too long may be.
    fileprivate var isOutage: Bool {
        if case .notReady? = self as? TenantDirectory.Fault { return true }
        return self is UnavailableDependency || (self as? PostgresError)?.isServerOutage == true
    }
}

extension ReceivedEvent {
    /// The event's message, to be published elsewhere.
    func message(to exchange: String, _ routingKey: String) -> OutgoingMessage {
        let headers = EventHeaders(of: attributes)
        return OutgoingMessage(
            exchange: exchange, routingKey: routingKey, body: body, contentType: EventRouting.contentType,
            messageID: headers.id, type: headers.type, timestamp: headers.time, headers: headers.message)
    }
}
