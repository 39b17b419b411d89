package import Primitives

/// A service has a tenant's schema ready and serves it from now on.
package struct SchemaPrepared: Event {
    package static let name = EventName("platform", "schema", "prepared", version: 1)

    /// Which service, for example `booking`.
    package var service: TenantSlug
    /// Whose schema.
    package var tenant: TenantSlug

    package init(service: TenantSlug, tenant: TenantSlug) {
        self.service = service
        self.tenant = tenant
    }
}

/// A service that has just been installed asks Identity to announce all tenants and keys again.
package struct AnnouncementsRequested: Event {
    package static let name = EventName("platform", "announcements", "requested", version: 1)

    /// Who asks.
    package var service: TenantSlug

    package init(service: TenantSlug) { self.service = service }
}
