package import Primitives

/// A service prepared the schema of a tenant and serves the tenant from now on. Every service publishes it.
package struct SchemaPrepared: Event {
    package static let name = EventName("platform", "schema", "prepared", version: 1)

    /// The service, for example `booking`.
    package var service: TenantSlug
    /// The tenant that the schema belongs to.
    package var tenant: TenantSlug

    package var speaker: TenantSlug? { service }

    package init(service: TenantSlug, tenant: TenantSlug) {
        self.service = service
        self.tenant = tenant
    }
}

/// A service without keys, for example after its installation, requests the announcements of all tenants and keys.
/// Every service publishes it.
package struct AnnouncementsRequested: Event {
    package static let name = EventName("platform", "announcements", "requested", version: 1)

    /// The service that requests them.
    package var service: TenantSlug

    package var speaker: TenantSlug? { service }

    package init(service: TenantSlug) { self.service = service }
}
