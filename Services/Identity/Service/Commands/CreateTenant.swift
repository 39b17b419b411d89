import EventLoop
import GuichetProtocol
import Idempotency
import IdentityDomain
import Postgres
import Primitives
import Runtime
import ServiceHost
import Tenancy

/// Registers a tenant, announces it to every service, and prepares its schema.
@EventLoop
struct CreateTenant {
    /// A tenant to create.
    struct Draft: Sendable {
        let slug: TenantSlug
        let name: DisplayName
        let address: PostalAddress
        let timeZone: String
        let locale: LanguageTag
        let phoneCountry: CountryCode
        /// Nil for the first server.
        var database: String?
        /// The origins whose pages may call the API.
        var allowedOrigins = AllowedOrigins.none
        /// The first user of the tenant.
        var administrator: UserDraft?
    }

    let context: ServiceContext
    let hasher: PasswordHasher

    /// Once per key; returns the tenant created then or now, as it is now.
    func callAsFunction(
        _ draft: Draft, by actor: AuditActor, key: IdempotencyRecord?
    ) async throws -> Versioned<TenantView> {
        // The audit line goes into the schema of the platform's tenant.
        _ = try await context.store(for: .platform)
        guard !draft.slug.isReserved else { throw IdentityError.tenantReserved }
        let databases = context.platform.databaseNames
        let database = draft.database ?? databases[0]
        guard databases.contains(database) else { throw IdentityError.databaseUnknown }
        guard try await context.registry.ask(TimeZones.contain(draft.timeZone)) else {
            throw IdentityError.timeZoneUnknown
        }
        let (administrator, now) = (try await reservation(for: draft), context.now)
        let profile = TenantProfile(
            id: .new(at: now), slug: draft.slug, name: draft.name.description, address: draft.address.description,
            timeZone: draft.timeZone, locale: draft.locale.description,
            phoneCountry: draft.phoneCountry.description, database: database,
            allowedOrigins: draft.allowedOrigins == .none ? nil : draft.allowedOrigins.texts)
        let id: TenantID = try await IdentityError.tenantTaken.replacing(conflictOf: "tenant_slug_is_free") {
            try await context.registry.once(key) { transaction in
                try await RegisterTenant(context: context)(profile, in: transaction, at: now)
                try await transaction.batch(
                    [Audit.recordOnPlatform(.tenantCreate, by: actor, on: profile.id, at: now)] + administrator)
                return profile.id
            }
        }
        context.eventsCommitted(in: context.registry)
        await prepareNow(draft.slug)
        return try await ReadTenant(context: context).unaudited(.id(id))
    }

    /// Prepares the schema without waiting for the announcement. If this fails, jobs do it later, so the request does
    /// not fail.
    private func prepareNow(_ slug: TenantSlug) async {
        do {
            let directory = context.platform.directory
            try await directory.reload()
            if directory.unprepared.contains(slug) { try await directory.prepare(slug) }
            try await SeatFirstAdministrators(context: context)()
        } catch {
            Logger("tenants").warning("the tenant will be prepared later", [.error: String(reflecting: error)])
        }
    }

    private func reservation(for draft: Draft) async throws -> [SQL] {
        guard let user = draft.administrator else { return [] }
        let hash = try await hasher.hash(user.password, of: user.email)
        let row = NewUser(user, id: .new(at: context.now), passwordHash: hash, Vault(of: draft.slug, context))
        return [FirstAdministrators.reserve(row, in: draft.slug)]
    }
}
