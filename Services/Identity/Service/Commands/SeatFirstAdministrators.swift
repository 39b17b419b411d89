import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import Runtime
import Tenancy

/// Makes the first administrators of new tenants users, once their schema is there. Repeating it does no harm, so it is
/// called after each creation and from time to time.
@EventLoop
struct SeatFirstAdministrators {
    let context: Dependencies
    private let log = Logger("administrators")

    init(context: Dependencies) { self.context = context }

    func callAsFunction() async throws {
        for row in try await context.directory.registry.query("SELECT * FROM first_administrators") {
            let tenant: TenantSlug = try row.get("tenant")
            do {
                try await seat(try NewUser(row), in: tenant)
            } catch is TenantDirectory.Fault {
                continue
            } catch {
                // One tenant's trouble is no other's.
                log.warning("an administrator waits", [.name: tenant, .error: String(reflecting: error)])
            }
        }
    }

    private func seat(_ user: NewUser, in tenant: TenantSlug) async throws {
        let store = try await context.directory.store(for: tenant)
        // Two processes may be at it, and one may have died between the two statements.
        try await store.data.query("\(user.insert) ON CONFLICT DO NOTHING")
        try await context.directory.registry.query("DELETE FROM first_administrators WHERE tenant = \(tenant)")
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
