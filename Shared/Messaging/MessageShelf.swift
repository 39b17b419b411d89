import AMQP
import EventLoop
import FoundationEssentials
import Primitives
import Runtime

/// Where a service's messages go that it cannot handle now: they come again by themselves, or wait for an operator.
@EventLoop
struct MessageShelf {
    /// How long an event is put aside again and again, before it is parked.
    private static let patience: Duration = .seconds(3600)

    private let service: TenantSlug
    private let publisher: AMQPPublisher
    private let log = Logger("events")
    private let handled: MetricFamily<Counter>

    init(_ service: TenantSlug, _ publisher: AMQPPublisher, _ handled: MetricFamily<Counter>) {
        (self.service, self.publisher, self.handled) = (service, publisher, handled)
    }

    /// Has the broker hand the message out again in a while, or parks it when that went on for too long or too many do.
    /// False when the broker does not take it: then it is tried on.
    func putAside(_ delivery: Delivery, because error: any Error) async -> Bool {
        let (now, earlier) = (Instant.now, delivery.headers[EventRouting.waitingHeader])
        let since = earlier.flatMap { Instant(rfc3339: $0) } ?? now
        guard now - since < Self.patience else { return await park(delivery, because: error, after: 1) }
        if earlier == nil {
            log.info("an event is put aside", [.error: String(reflecting: error), .name: delivery.routingKey])
        }
        do {
            try await publisher.publish(
                delivery.copy(
                    to: EventRouting.waiting, delivery.queue, [EventRouting.waitingHeader: since.description]))
            handled["postponed"].increment()
            return true
        } catch .refused {
            return await park(delivery, because: error, after: 1)
        } catch {
            log.warning("an event could not be put aside", [.error: "\(error)"])
            return false
        }
    }

    /// Moves the message out of the way, with the reason. False when the broker does not take it: then it is tried on.
    func park(_ delivery: Delivery, because error: any Error, after failures: Int) async -> Bool {
        let reason = String(String(reflecting: error).prefix(500))
        log.error("a message is parked", [.error: reason, .name: delivery.routingKey, .attempt: failures])
        do {
            try await publisher.publish(
                delivery.copy(
                    to: EventRouting.parking, service.description,
                    [EventRouting.reasonHeader: reason, EventRouting.queueHeader: delivery.queue]))
            handled["parked"].increment()
            return true
        } catch {
            log.warning("a message could not be parked", [.error: "\(error)"])
            return false
        }
    }
}
