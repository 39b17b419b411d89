/// A tenant was created, changed, closed, opened again or removed, or a service requested the announcement. Every service
/// prepares a schema for the tenant, or removes the one that it has. The aggregate is the tenant.
package struct TenantAnnounced: Event {
    package static let name = EventName("identity", "tenant", "announced", version: 1)

    /// The whole profile, not only what changed.
    package var profile: TenantProfile

    package init(profile: TenantProfile) { self.profile = profile }
}

/// The set of keys that verify tokens was published, after a change or on request. It is the whole set: a key that is
/// missing is no longer accepted.
package struct SigningKeysPublished: Event, WireRules {
    package static let name = EventName("identity", "signing-keys", "published", version: 1)

    /// A JSON Web Key Set (RFC 7517) as text.
    package var keySet: String

    package static let rules: [String: WireRule] = ["keySet": .mediaType("application/jwk-set+json")]

    package init(keySet: String) { self.keySet = keySet }
}
