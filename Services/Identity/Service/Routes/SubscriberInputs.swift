import IdentityDomain

/// A subscriber to create.
struct SubscriberCreation: Codable, Sendable {
    /// The name, unique in the tenant.
    let name: SubscriberName
    /// The events to receive: types, or kinds of aggregates for all their types.
    let events: EventSelections
}
