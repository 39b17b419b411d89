import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import Tenancy

/// The accounts of one tenant: where they are, and the keys to read them.
@EventLoop
struct Realm: Sendable {
    let tenant: TenantSlug
    let data: SchemaStore
    let vault: Vault

    /// Throws ``TenantDirectory/Fault``.
    init(of tenant: TenantSlug, _ context: Dependencies) async throws {
        data = try await context.directory.store(for: tenant).data
        self.tenant = tenant
        vault = Vault(tenant: tenant, keyRing: context.keyRing, blindIndex: context.blindIndex)
    }

    /// The realm that a stranger names; nil when there is none.
    static func named(_ tenant: TenantSlug, _ context: Dependencies) async throws -> Realm? {
        do {
            return try await Realm(of: tenant, context)
        } catch TenantDirectory.Fault.unknown {
            return nil
        }
    }

    func account(withIndex index: [UInt8]) async throws -> Account? {
        try await data.query("SELECT \(Account.columns) FROM users WHERE email_index = \(index)").first.map {
            try Account($0, vault)
        }
    }

    /// Counts an attempt before anything is compared, so that many at once gain nothing. Throws
    /// ``IdentityError/tooManyAttempts(retryAfter:)``.
    func countAttempt(on index: [UInt8], at now: Instant) async throws {
        let wait: Duration? = try await data.transaction { transaction in
            let rows = try await transaction.query(
                """
                INSERT INTO login_attempts AS known (email_index, attempts) VALUES (\(index), 1)
                ON CONFLICT (email_index) DO UPDATE SET updated_at = now(),
                    attempts = known.attempts + CASE WHEN known.locked_until > \(now) THEN 0 ELSE 1 END
                RETURNING attempts, locked_until
                """)
            if let lockedUntil = try rows[0].find("locked_until", as: Instant.self), lockedUntil > now {
                return lockedUntil - now
            }
            let rest = Lockout.rest(after: try rows[0].get("attempts"))
            if rest > .zero {
                try await transaction.query(
                    "UPDATE login_attempts SET locked_until = \(now + rest) WHERE email_index = \(index)")
            }
            return nil
        }
        if let wait { throw IdentityError.tooManyAttempts(retryAfter: wait) }
    }
}
