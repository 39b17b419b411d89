import EventLoop
import GuichetProtocol
import Idempotency
import IdentityDomain
import Postgres
import Primitives
import Runtime
import Tenancy

/// Registers a tenant, announces it to every service, and prepares its accounts.
@EventLoop
struct CreateTenant {
    /// What a tenant is made from.
    struct Draft: Sendable {
        let slug: TenantSlug
        let name: DisplayName
        let address: PostalAddress
        let timeZone: String
        let locale: LanguageTag
        let phoneCountry: CountryCode
        /// Nil for the usual server.
        var database: String?
        var administrator: Administrator?
    }

    /// The tenant's first user.
    struct Administrator: Sendable {
        let email: EmailAddress
        let name: DisplayName
        let password: String
    }

    let context: Dependencies
    let hasher: PasswordHasher
    let seat: SeatFirstAdministrators

    /// Once per key; returns the tenant registered then or now, and whether it was now.
    func callAsFunction(_ draft: Draft, _ request: IdempotencyRecord?) async throws -> (id: TenantID, isNew: Bool) {
        let registry = context.directory.registry
        guard !draft.slug.isReserved else { throw IdentityError.tenantReserved }
        let database = draft.database ?? context.configuration.databases[0]
        guard context.configuration.databases.contains(database) else { throw IdentityError.databaseUnknown }
        guard try await isTimeZone(draft.timeZone) else { throw IdentityError.timeZoneUnknown }
        let administrator = try await seatReserved(for: draft)
        let now = context.now()
        let profile = TenantProfile(
            id: .new(at: now), slug: draft.slug, name: draft.name.description, address: draft.address.description,
            timeZone: draft.timeZone, locale: draft.locale.description,
            phoneCountry: draft.phoneCountry.description, database: database)
        let id: TenantID
        do {
            id = try await registry.once(request) { transaction in
                try await register(profile, administrator, in: transaction, at: now)
                return profile.id
            }
        } catch let error as PostgresError where error.code == .conflict(constraint: "tenant_slug_is_free") {
            throw IdentityError.tenantTaken
        }
        context.announced()
        await prepareNow(draft.slug)
        return (id, id == profile.id)
    }

    func register(
        _ profile: TenantProfile, _ administrator: SQL?, in transaction: Transaction, at now: Instant
    ) async throws {
        let row = try await transaction.query(TenantRegistration.insert(profile, at: now))[0]
        let registration = try TenantRegistration(row)
        try await transaction.batch(
            [
                try registration.announcement(at: now),
                try context.directory.registration(of: profile, version: registration.announcements),
            ] + (administrator.map { [$0] } ?? []))
    }

    /// Whoever asked need not wait for the round trip of the announcement. What fails here is done by the jobs of the
    /// host, so it is no failure of the request.
    private func prepareNow(_ slug: TenantSlug) async {
        do {
            try await context.directory.reload()
            if context.directory.unprepared.contains(slug) { try await context.directory.prepare(slug) }
            try await seat()
        } catch {
            Logger("tenants").warning("the tenant will be prepared later", [.error: String(reflecting: error)])
        }
    }

    private func seatReserved(for draft: Draft) async throws -> SQL? {
        guard let administrator = draft.administrator else { return nil }
        let user = ManageUsers.Draft(
            email: administrator.email, name: administrator.name, role: .admin, password: administrator.password)
        let hash = try await hasher.hash(user.password, of: user.email)
        let vault = Vault(tenant: draft.slug, keyRing: context.keyRing, blindIndex: context.blindIndex)
        let row = NewUser(user, id: .new(at: context.now()), passwordHash: hash, vault)
        return SeatFirstAdministrators.reserve(row, in: draft.slug)
    }

    private func isTimeZone(_ name: String) async throws -> Bool {
        try await !context.directory.registry.query(
            """
            SELECT 1 FROM pg_timezone_names
            WHERE name = \(name) AND (name LIKE '%/%' OR name = 'UTC') AND name !~ '^(posix|right|SystemV|Etc)/'
            """
        ).isEmpty
    }
}
