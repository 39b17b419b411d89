import Cryptography
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// The accounts of one tenant: their schema, and the keys to read them. Its extensions hold the queries on them.
@EventLoop
struct Realm: Sendable {
    let tenant: TenantSlug
    let data: SchemaStore
    let vault: Vault

    /// Throws ``TenantDirectory/Fault``.
    init(of tenant: TenantSlug, _ context: ServiceContext) async throws {
        data = try await context.store(for: tenant).data
        self.tenant = tenant
        vault = Vault(of: tenant, context)
    }

    /// Returns nil if there is no such tenant, for names that come from strangers: those who ask for a session. A tenant that
    /// has just been closed, by another process, opens none.
    static func named(_ tenant: TenantSlug, _ context: ServiceContext) async throws -> Realm? {
        try await context.platform.directory.reloadIfChanged()
        do {
            return try await Realm(of: tenant, context)
        } catch TenantDirectory.Fault.unknown {
            return nil
        }
    }
}

extension Vault {
    /// The vault of a tenant, with the keys of this process.
    @EventLoop
    init(of tenant: TenantSlug, _ context: ServiceContext) {
        let platform = context.platform
        self.init(tenant: tenant, keyRing: platform.keyRing, blindIndex: platform.blindIndex)
    }
}
