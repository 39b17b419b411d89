package import Primitives

/// A system outside the suite that receives events of one tenant from the broker.
package struct Subscriber: Sendable {
    /// The most subscribers of a tenant.
    package static let limit = 20

    package let id: SubscriberID
    package let name: SubscriberName
    package let events: EventSelections
    /// The password of its account, as the broker stores it.
    package let passwordHash: String
    package let passwordChangedAt: Instant
    package let createdAt: Instant
    /// Nil until the broker has the account.
    package let collectingSince: Instant?

    package init(
        id: SubscriberID, name: SubscriberName, events: EventSelections, passwordHash: String,
        passwordChangedAt: Instant, createdAt: Instant, collectingSince: Instant?
    ) {
        (self.id, self.name, self.events) = (id, name, events)
        (self.passwordHash, self.passwordChangedAt) = (passwordHash, passwordChangedAt)
        (self.createdAt, self.collectingSince) = (createdAt, collectingSince)
    }
}

/// Marks ids of subscribers.
package enum SubscriberKind {}
/// Names a subscriber.
package typealias SubscriberID = Identifier<SubscriberKind>

/// The name of a subscriber, unique in its tenant and part of its account at the broker: of the form of a tenant's slug, so
/// that it is one word between dots.
package struct SubscriberName: Hashable, Sendable, CustomStringConvertible {
    /// The most characters of a name.
    package static let maximumLength = TenantSlug.maximumLength

    package let description: String

    /// Returns nil unless `text` is of lower-case letters, digits and single hyphens, and begins with a letter.
    package init?(_ text: String) {
        guard TenantSlug(text) != nil else { return nil }
        description = text
    }
}
