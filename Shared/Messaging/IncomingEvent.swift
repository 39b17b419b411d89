import AMQP
import FoundationEssentials
import GuichetProtocol

/// A delivery, and what its envelope says.
struct IncomingEvent {
    /// Which of the deliveries that were handed over together it is.
    let place: Int
    let delivery: Delivery
    private let envelope: Result<EventAttributes, MalformedEvent>

    /// - Parameter check: throws ``MalformedEvent`` for an event that must not be believed.
    init(
        _ place: Int, _ delivery: Delivery, _ check: (EventAttributes, Delivery) throws(MalformedEvent) -> Void
    ) {
        (self.place, self.delivery) = (place, delivery)
        envelope = Result { () throws(MalformedEvent) in
            let attributes = try EventAttributes(of: delivery)
            try check(attributes, delivery)
            return attributes
        }
    }

    var attributes: EventAttributes { get throws(MalformedEvent) { try envelope.get() } }

    func received() throws(MalformedEvent) -> ReceivedEvent {
        ReceivedEvent(
            attributes: try attributes, body: delivery.body,
            beginsHistory: delivery.headers[EventRouting.historyHeader] != nil)
    }
}

extension EventAttributes {
    init(of delivery: Delivery) throws(MalformedEvent) {
        do {
            self = try JSONDecoder().decode(EventAttributes.self, from: Data(delivery.body))
        } catch {
            throw MalformedEvent(reason: String(describing: error))
        }
    }
}
