package import GuichetProtocol

/// A tenant that a service is ready to serve, and its data there.
package struct TenantStore: Sendable {
    package let tenant: TenantProfile
    package let data: SchemaStore
}
