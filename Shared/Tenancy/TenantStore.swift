import EventLoop
package import GuichetProtocol

/// A tenant that a service is ready to serve, and its data there.
package struct TenantStore: Sendable {
    /// Who it is.
    package let tenant: TenantProfile
    /// The schema of the service that holds its data.
    package let data: SchemaStore

    /// The same over sessions of their own; see ``SchemaStore/inBackground``.
    @EventLoop package var inBackground: TenantStore { TenantStore(tenant: tenant, data: data.inBackground) }
}
