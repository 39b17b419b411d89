import EventLoop
package import GuichetProtocol

/// A tenant that a service is ready to serve, and its data.
package struct TenantStore: Sendable {
    /// The tenant's profile.
    package let tenant: TenantProfile
    /// The schema of the service that holds its data.
    package let data: SchemaStore

    /// The same over a separate pool; see ``SchemaStore/inBackground``.
    @EventLoop package var inBackground: TenantStore { TenantStore(tenant: tenant, data: data.inBackground) }
}
