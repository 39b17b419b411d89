import Authentication
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Lists the tenants of the installation.
@EventLoop
struct ListTenants {
    let context: ServiceContext

    /// At most `limit` tenants in the order of their slugs, after `slug`.
    func callAsFunction(after slug: TenantSlug?, limit: Int, by caller: Caller) async throws -> [TenantSummary] {
        let tenants = try await context.registry.ask(TenantRegistration.page(after: slug, limit: limit))
        try await context.store(for: caller.tenant).data.query(
            Audit.record(.tenantsRead, by: caller.actor, at: context.now))
        return tenants.map { TenantSummary($0.profile, createdAt: $0.createdAt, closedAt: $0.closedAt) }
    }
}
