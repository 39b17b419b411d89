import Authentication
import EventLoop
import GuichetProtocol
import HTTPServer
import IdentityDomain
import Primitives
import ServiceHost
import Tenancy

/// The tenants of the installation, for those who run it; an administrator sees his own.
@EventLoop
struct TenantRoutes {
    let app: IdentityApp

    var routes: [Route] {
        [
            Route(
                .post, "/api/tenants", "Creates a tenant, perhaps with its first administrator.",
                access: .allow(.superAdmin), idempotency: .required, success: .created,
                problems: [.tenantTaken, .tenantReserved, .timeZoneUnknown, .databaseUnknown, .passwordRefused],
                handler: create),
            Route(
                .get, "/api/tenants", "Lists the tenants by their slugs.", access: .allow(.superAdmin),
                problems: [.invalidCursor], handler: list),
            Route(
                .get, "/api/tenants/{tenant}", "Shows a tenant, by id or slug, and which services are ready for it.",
                access: .allow(.superAdmin, .admin), parameters: ["tenant": TenantName.self], handler: show),
            Route(
                .patch, "/api/tenants/{tenant}", "Changes name or language; address and time zone never change.",
                access: .allow(.superAdmin), parameters: ["tenant": TenantName.self],
                problems: [.preconditionFailed, .preconditionRequired], handler: change),
        ]
    }

    private func create(_ call: Call, _: NoQuery, _ body: TenantCreation) async throws -> Reply<TenantReply> {
        let (id, isNew) = try await app.createTenant(body.draft, call.key("POST /api/tenants"))
        if isNew { try await audit(.tenantCreate, call, on: id) }
        return try await reply(.id(id), location: "/api/tenants/\(id)")
    }

    private func list(_ call: Call, _ query: PageQuery, _: NoBody) async throws -> Reply<Page<TenantSummary>> {
        let (limit, purpose) = (query.limit ?? .standard, "tenants")
        let after: TenantSlug? = try query.cursor.map { try app.cursors.key(from: $0, in: purpose) }
        let tenants = try await app.tenantCatalogue.tenants(after: after, limit: limit.value + 1)
        try await audit(.tenantsRead, call)
        return Reply(
            try Page(tenants.map(TenantSummary.init), limit: limit) {
                try app.cursors.cursor(after: $0.slug, in: purpose)
            })
    }

    private func show(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<TenantReply> {
        let (principal, name) = (try call.authenticated(), try call.path("tenant", as: TenantName.self))
        let reply = try await reply(name)
        guard principal.role == .superAdmin || reply.content.slug == principal.tenant else { throw Problem.notFound }
        try await audit(.tenantsRead, call, on: reply.content.id)
        return reply
    }

    private func change(_ call: Call, _: NoQuery, _ body: TenantChange) async throws -> Reply<TenantReply> {
        let id = try await app.changeTenant(
            call.path("tenant"), name: body.name, locale: body.locale,
            ifRevision: call.expectedVersion()?.version)
        try await audit(.tenantChange, call, on: id)
        return try await reply(.id(id))
    }

    private func reply(_ name: TenantName, location: String? = nil) async throws -> Reply<TenantReply> {
        let (tenant, services) = try await app.tenantCatalogue.tenant(name)
        return Reply(
            TenantReply(tenant, services), entityTag: EntityTag(version: tenant.revision), location: location)
    }

    /// Tenants lie in the registry, the trail in the schema of the caller's tenant: it is written by itself.
    private func audit(_ action: AuditedAction, _ call: Call, on tenant: TenantID? = nil) async throws {
        let caller = try call.caller()
        try await app.context.directory.store(for: caller.tenant).data.query(
            Audit.record(action, by: caller.actor, on: tenant, at: app.context.now()))
    }
}

struct TenantCreation: Codable, Sendable {
    let slug: TenantSlug
    let name: DisplayName
    let address: PostalAddress
    let timeZone: String
    let locale: LanguageTag
    let phoneCountry: CountryCode
    /// The name of a PostgreSQL server; absent for the usual one.
    let database: String?
    let admin: Administrator?

    /// Who runs the tenant from its first minute.
    struct Administrator: Codable, Sendable {
        let email: EmailAddress
        let name: DisplayName
        let password: String
    }

    var draft: CreateTenant.Draft {
        CreateTenant.Draft(
            slug: slug, name: name, address: address, timeZone: timeZone, locale: locale, phoneCountry: phoneCountry,
            database: database,
            administrator: admin.map { .init(email: $0.email, name: $0.name, password: $0.password) })
    }
}

/// What is absent stays as it is; whatever else is sent is refused.
struct TenantChange: Codable, Sendable {
    let name: DisplayName?
    let locale: LanguageTag?
}

struct TenantSummary: Codable, Sendable {
    let id: TenantID
    let slug: TenantSlug
    let name: String
    let createdAt: Instant

    init(_ tenant: TenantRegistration) {
        (id, slug, name) = (tenant.profile.id, tenant.profile.slug, tenant.profile.name)
        createdAt = tenant.createdAt
    }
}

struct TenantReply: Codable, Sendable {
    let id: TenantID
    let slug: TenantSlug
    let name: String
    let address: String
    let timeZone: String
    let locale: String
    let phoneCountry: String
    let database: String
    let createdAt: Instant
    /// The services that have a schema ready for it.
    let services: [ReadyService]

    /// A service, and since when it serves the tenant.
    struct ReadyService: Codable, Sendable {
        let service: TenantSlug
        let readyAt: Instant
    }

    init(_ tenant: TenantRegistration, _ services: [TenantCatalogue.Readiness]) {
        let profile = tenant.profile
        (id, slug, name, address) = (profile.id, profile.slug, profile.name, profile.address)
        (timeZone, locale, phoneCountry) = (profile.timeZone, profile.locale, profile.phoneCountry)
        (database, createdAt) = (profile.database, tenant.createdAt)
        self.services = services.map { ReadyService(service: $0.service, readyAt: $0.readyAt) }
    }
}
