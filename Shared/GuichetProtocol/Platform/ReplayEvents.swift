package import Primitives

/// A service asked a publisher for events that it has missed; the publisher sends those that it still has. The aggregate
/// is the replay.
package struct ReplayRequested: Event {
    package static let name = EventName("platform", "replay", "requested", version: 1)

    /// The service that asks and receives the events.
    package var asker: TenantSlug
    /// The service that published the events.
    package var publisher: TenantSlug
    /// The kind of the aggregates, for example `appointment`.
    package var aggregate: String
    /// The missing part of one aggregate; absent when all events of the kind are needed.
    package var missing: MissingVersions?

    package var speaker: TenantSlug? { asker }

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
    /// The last version that is missing.
    package var through: Int

    package init(subject: String, generation: Int, from: Int, through: Int) {
        (self.subject, self.generation, self.from, self.through) = (subject, generation, from, through)
    }
}

/// A publisher sent what it still had of the missing versions of an aggregate. The aggregate is the replay.
package struct ReplayCompleted: Event {
    package static let name = EventName("platform", "replay", "completed", version: 1)

    /// The service that asked.
    package var asker: TenantSlug
    /// The service that published the events.
    package var publisher: TenantSlug
    /// The aggregate, `<aggregate>/<id>`.
    package var subject: String
    /// The generation that the asker follows.
    package var generation: Int
    /// The version with which the asker's history begins; events of earlier versions are no longer available.
    package var begin: Int

    package var speaker: TenantSlug? { publisher }

    package init(asker: TenantSlug, publisher: TenantSlug, subject: String, generation: Int, begin: Int) {
        (self.asker, self.publisher, self.subject) = (asker, publisher, subject)
        (self.generation, self.begin) = (generation, begin)
    }
}

/// The data that a service holds of a tenant was restored from a backup: later changes are undone there, and versions of
/// aggregates are used again, in a new generation. The aggregate is the tenant's data in that service.
package struct TenantRestored: Event {
    package static let name = EventName("platform", "tenant", "restored", version: 1)

    /// The service, for example `booking`.
    package var service: TenantSlug
    /// The tenant; `guichet` for the data of the service itself.
    package var tenant: TenantSlug
    /// The generation of the service's versions from now on.
    package var generation: Int

    package var speaker: TenantSlug? { service }

    package init(service: TenantSlug, tenant: TenantSlug, generation: Int) {
        (self.service, self.tenant, self.generation) = (service, tenant, generation)
    }
}
