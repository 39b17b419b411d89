package import Primitives

/// A service prepared the schema of a tenant and serves the tenant from now on. Every service publishes it.
package struct SchemaPrepared: Event {
    package static let name = EventName("platform", "schema", "prepared", version: 1)

    /// The service, for example `booking`.
    package var service: TenantSlug
    /// The tenant that the schema belongs to.
    package var tenant: TenantSlug
    /// The id of the tenant; absent in events of earlier releases.
    package var id: TenantID?

    package var speaker: TenantSlug? { service }

    package init(service: TenantSlug, tenant: TenantSlug, id: TenantID? = nil) {
        self.service = service
        self.tenant = tenant
        self.id = id
    }
}

/// A service removed what it had of a tenant that was removed. Every service publishes it.
package struct SchemaRemoved: Event {
    package static let name = EventName("platform", "schema", "removed", version: 1)

    /// The service, for example `booking`.
    package var service: TenantSlug
    /// The tenant that the schema belonged to. Another tenant may have this name by now.
    package var tenant: TenantSlug
    /// The id of the tenant.
    package var id: TenantID

    package var speaker: TenantSlug? { service }

    package init(service: TenantSlug, tenant: TenantSlug, id: TenantID) {
        self.service = service
        self.tenant = tenant
        self.id = id
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
