import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Tenancy

/// Reads tenants and how far each service is with them.
@EventLoop
struct TenantCatalogue {
    let context: Dependencies

    /// A service that has the tenant's schema ready.
    struct Readiness: Sendable {
        let service: TenantSlug
        let readyAt: Instant
    }

    /// Throws ``IdentityError/notFound``.
    func tenant(_ name: TenantName) async throws -> (TenantRegistration, [Readiness]) {
        let rows = try await context.directory.registry.batch([
            "SELECT \(TenantRegistration.columns) FROM tenant_registrations WHERE \(name.condition)",
            """
            SELECT service, ready_at FROM tenant_services
            WHERE tenant = (SELECT slug FROM tenant_registrations WHERE \(name.condition)) ORDER BY service
            """,
        ])
        guard let row = rows[0].first else { throw IdentityError.notFound }
        let readiness = try rows[1].map {
            Readiness(service: try $0.get("service"), readyAt: try $0.get("ready_at"))
        }
        return (try TenantRegistration(row), readiness)
    }

    /// At most `limit` tenants in the order of their slugs, behind `slug`.
    func tenants(after slug: TenantSlug?, limit: Int) async throws -> [TenantRegistration] {
        try await context.directory.registry.query(
            """
            SELECT \(TenantRegistration.columns) FROM tenant_registrations
            WHERE \(slug)::text IS NULL OR slug > \(slug) ORDER BY slug LIMIT \(limit)
            """
        ).map(TenantRegistration.init)
    }
}
