package import Primitives

/// A service asks a publisher to send it events again that it has missed, as far as the publisher still has them.
package struct ReplayRequested: Event {
    package static let name = EventName("platform", "replay", "requested", version: 1)

    /// Who asks, and receives the events.
    package var asker: TenantSlug
    /// Whose events.
    package var publisher: TenantSlug
    /// The kind of the aggregates, for example `appointment`.
    package var aggregate: String
    /// What of one aggregate is missing. Absent when all events of the kind are needed.
    package var missing: MissingVersions?

    package init(asker: TenantSlug, publisher: TenantSlug, aggregate: String, missing: MissingVersions?) {
        (self.asker, self.publisher, self.aggregate, self.missing) = (asker, publisher, aggregate, missing)
    }
}

/// Versions of an aggregate whose events did not arrive.
package struct MissingVersions: Codable, Sendable {
    /// The aggregate, `<aggregate>/<id>`.
    package var subject: String
    /// The generation that the asker follows.
    package var generation: Int
    /// The first version that is missing.
    package var from: Int
    /// The last one.
    package var through: Int

    package init(subject: String, generation: Int, from: Int, through: Int) {
        (self.subject, self.generation, self.from, self.through) = (subject, generation, from, through)
    }
}

/// The publisher has sent what it still has of the missing versions of an aggregate.
package struct ReplayCompleted: Event {
    package static let name = EventName("platform", "replay", "completed", version: 1)

    /// Who asked.
    package var asker: TenantSlug
    /// Whose events.
    package var publisher: TenantSlug
    /// The aggregate, `<aggregate>/<id>`.
    package var subject: String
    /// The generation that the asker follows.
    package var generation: Int
    /// The version with which the asker's history begins: events of those before it are no longer available.
    package var begin: Int

    package init(asker: TenantSlug, publisher: TenantSlug, subject: String, generation: Int, begin: Int) {
        (self.asker, self.publisher, self.subject) = (asker, publisher, subject)
        (self.generation, self.begin) = (generation, begin)
    }
}

/// A service's data of a tenant was restored from a backup: what happened in between is undone there, and versions of
/// aggregates are used again, in a new generation.
package struct TenantRestored: Event {
    package static let name = EventName("platform", "tenant", "restored", version: 1)

    /// Which service, for example `booking`.
    package var service: TenantSlug
    /// Whose data; `guichet` for those of the service itself.
    package var tenant: TenantSlug
    /// The generation of the service's versions from now on.
    package var generation: Int

    package init(service: TenantSlug, tenant: TenantSlug, generation: Int) {
        (self.service, self.tenant, self.generation) = (service, tenant, generation)
    }
}
