/// Every event that the suite publishes. The documents of events are written from it, so an event that is missing here
/// is not documented.
package enum EventCatalog {
    /// All events, publisher by publisher.
    package static let all: [PublishedEvent] = booking + availability + identity + platform + queue + realtime
}

/// An entry of the catalogue.
package struct PublishedEvent: Sendable {
    /// The payload.
    package let type: any Event.Type
    /// Who reads the event outside the suite; nil when a service of the suite acts on it.
    package let audience: String?
    /// False for requests and answers between services, which say nothing about what happens at a tenant.
    package let isForSubscribers: Bool

    /// - Parameter audience: required for an event that no service of the suite acts on.
    package init(_ type: any Event.Type, for audience: String? = nil, isForSubscribers: Bool = true) {
        (self.type, self.audience, self.isForSubscribers) = (type, audience, isForSubscribers)
    }

    /// The name on the wire.
    package var name: EventName { type.name }
}

/// What all events of one kind carry, so that a reader can handle them in one way.
package protocol EventFamily: Codable, Sendable {}

extension EventFamily {
    /// The events of the catalogue that carry this payload.
    package static var members: [any Event.Type] {
        EventCatalog.all.map(\.type).filter { type in
            type.family.map { ObjectIdentifier($0) } == ObjectIdentifier(Self.self)
        }
    }
}
