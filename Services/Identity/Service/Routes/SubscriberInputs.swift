import IdentityDomain
import Primitives

/// A subscriber to create.
struct SubscriberCreation: Codable, Sendable {
    /// The name, unique in the tenant.
    let name: SubscriberName
    /// The events to receive: types, or kinds of aggregates for all their types.
    let events: EventSelections
}

/// The events to receive again.
struct SubscriberReplay: Codable, Sendable {
    /// The first instant of the events; at most seven days ago, as older ones are not kept.
    let from: Instant
}
