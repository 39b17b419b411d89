/// A tenant was created or changed; every service that serves tenants prepares a schema for it.
package struct TenantAnnounced: Event {
    package static let name = EventName("identity", "tenant", "announced", version: 1)

    /// All there is to know, not only what changed.
    package var profile: TenantProfile

    package init(profile: TenantProfile) { self.profile = profile }
}

/// The keys that tokens may be signed with, all of them; a key that is missing is no longer accepted.
package struct SigningKeysPublished: Event {
    package static let name = EventName("identity", "signing-keys", "published", version: 1)

    /// The JSON Web Key Set (RFC 7517) as text.
    package var keySet: String

    package init(keySet: String) { self.keySet = keySet }
}
