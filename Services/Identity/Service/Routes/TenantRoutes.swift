import Authentication
import EventLoop
import GuichetProtocol
import HTTPServer
import Idempotency
import Primitives
import ServiceHost

/// The tenants of the installation, for super administrators; administrators read their own.
@EventLoop
struct TenantRoutes {
    let service: IdentityService

    private static let tenant = PathVariable<TenantName>("tenant", "The id of the tenant, or its slug.")

    var routes: [Route] {
        [
            Route(
                "createTenant", .post, "/api/tenants", "Creates a tenant, optionally with its first administrator.",
                access: .allow(.superAdmin), idempotency: .required, sends: [.entityTag, .location], success: .created,
                problems: [.tenantTaken, .tenantReserved, .timeZoneUnknown, .databaseUnknown, .passwordRefused],
                handler: create),
            Route(
                "listTenants", .get, "/api/tenants", "Lists the tenants by their slugs.", access: .allow(.superAdmin),
                handler: list),
            Route(
                "readTenant", .get, "/api/tenants/\(Self.tenant)",
                "Returns a tenant, by id or slug, and the services ready for it.",
                access: .allow(.superAdmin, .admin), sends: [.entityTag], handler: show),
            Route(
                "changeTenant", .patch, "/api/tenants/\(Self.tenant)",
                "Changes the name, language or allowed origins; address and time zone never change.",
                access: .allow(.superAdmin), ifMatch: .required, sends: [.entityTag],
                current: { try await show($0, NoQuery(), NoBody()) }, handler: change),
        ].tagged("Tenants", "The tenants of the installation.")
    }

    private func create(_ call: Call, _: NoQuery, _ body: TenantCreation) async throws -> Reply<TenantView> {
        let tenant = try await service.createTenant(
            body.draft, by: call.caller().actor, key: call.key())
        return reply(tenant, location: "/api/tenants/\(tenant.view.id)")
    }

    private func list(_ call: Call, _ query: PageQuery, _: NoBody) async throws -> Reply<Page<TenantSummary>> {
        let caller = try call.caller()
        let page = try await call.page(query, of: "tenants", by: \.slug) { after, count in
            try await service.listTenants(after: after, limit: count, by: caller)
        }
        return Reply(page)
    }

    private func show(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<TenantView> {
        reply(try await service.readTenant(call.path(Self.tenant), by: call.caller()))
    }

    private func change(_ call: Call, _: NoQuery, _ body: TenantChange) async throws -> Reply<TenantView> {
        reply(
            try await service.changeTenant(
                call.path(Self.tenant), body.changes,
                if: call.precondition(), by: call.caller().actor))
    }

    private func reply(_ tenant: Versioned<TenantView>, location: String? = nil) -> Reply<TenantView> {
        Reply(tenant.view, entityTag: EntityTag(version: tenant.version), location: location)
    }
}
