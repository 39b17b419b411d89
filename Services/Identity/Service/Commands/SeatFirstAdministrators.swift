import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import Tenancy

/// Makes the first administrators of new tenants users, once their schema is there. Repeating it does no harm, so it is
/// called after each creation and from time to time.
@EventLoop
struct SeatFirstAdministrators {
    let context: Dependencies

    func callAsFunction() async throws {
        let registry = context.directory.registry
        for row in try await registry.query("SELECT * FROM first_administrators") {
            let tenant: TenantSlug = try row.get("tenant")
            let store: TenantStore
            do {
                store = try await context.directory.store(for: tenant)
            } catch is TenantDirectory.Fault {
                continue
            }
            let user = try NewUser(row)
            // Two processes may be at it, and one may have died between the two statements.
            try await store.data.query("\(user.insert) ON CONFLICT DO NOTHING")
            try await registry.query("DELETE FROM first_administrators WHERE tenant = \(tenant)")
        }
    }

    /// The statement that keeps the user until then.
    nonisolated static func reserve(_ user: NewUser, in tenant: TenantSlug) -> SQL {
        """
        INSERT INTO first_administrators (tenant, id, email, email_index, name, password_hash)
        VALUES (\(tenant), \(user.id), \(user.email), \(user.emailIndex), \(user.name), \(user.passwordHash))
        """
    }
}

extension NewUser {
    fileprivate init(_ row: Row) throws {
        id = try row.get("id")
        email = try row.get("email")
        emailIndex = try row.get("email_index")
        name = try row.get("name")
        role = .admin
        passwordHash = try row.get("password_hash")
    }
}
