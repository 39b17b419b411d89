import Authentication
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Reads one tenant, and which services are ready for it.
@EventLoop
struct ReadTenant {
    let context: ServiceContext

    /// Super administrators read every tenant, others their own. Throws ``NotFound``.
    func callAsFunction(_ name: TenantName, by caller: Caller) async throws -> Versioned<TenantView> {
        let tenant = try await unaudited(name)
        guard caller.role == .superAdmin || tenant.view.slug == caller.tenant else { throw NotFound() }
        try await context.store(for: caller.tenant).data.query(
            Audit.record(.tenantsRead, by: caller.actor, on: tenant.view.id, at: context.now))
        return tenant
    }

    /// The same for use cases that write an audit line themselves.
    func unaudited(_ name: TenantName) async throws -> Versioned<TenantView> {
        let (tenant, services) = try await context.registry.ask(
            TenantRegistration.named(name), TenantReadiness.services(of: name))
        guard let tenant else { throw NotFound() }
        return Versioned(
            view: TenantView(tenant.profile, createdAt: tenant.createdAt, services: services),
            version: tenant.revision)
    }
}
