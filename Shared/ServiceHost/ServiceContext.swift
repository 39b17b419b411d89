package import EventLoop
import GuichetProtocol
import Messaging
package import Primitives
package import Tenancy

/// What the use cases of a service work with: the data of tenants, the clock, and the parts of the process.
@EventLoop
package struct ServiceContext: Sendable {
    /// Everything that the host made for the service.
    package let platform: Platform

    /// A context of that platform.
    package init(_ platform: Platform) { self.platform = platform }

    /// The present instant, by the clock of the platform.
    package var now: Instant { platform.clock.now }

    /// The service's own schema.
    package var registry: SchemaStore { platform.directory.registry }

    /// The data of a tenant. Throws ``TenantDirectory/Fault`` if the tenant is unknown or not ready.
    package func store(for tenant: TenantSlug) async throws -> TenantStore {
        try await platform.directory.store(for: tenant)
    }

    /// Has the events leave that a transaction in this schema has just committed. Returns at once.
    package func eventsCommitted(in store: SchemaStore) { platform.relay.wake(store) }
}
