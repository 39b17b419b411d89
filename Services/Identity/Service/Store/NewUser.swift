import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives

/// A user to be inserted, already encrypted.
struct NewUser: Sendable {
    let id: UserID
    let email: [UInt8]
    let emailIndex: [UInt8]
    let name: [UInt8]
    let role: Role
    let passwordHash: String

    init(_ draft: UserDraft, id: UserID, passwordHash: String, _ vault: Vault) {
        self.id = id
        email = vault.seal(draft.email.normalized, .email, of: id)
        emailIndex = vault.index(of: draft.email)
        name = vault.seal(draft.name.description, .name, of: id)
        role = draft.role
        self.passwordHash = passwordHash
    }

    /// Inserts the user; conflicts with `user_email_is_free`.
    func insert(at now: Instant) -> SQL {
        """
        INSERT INTO users (id, email, email_index, name, role, password_hash, created_at, updated_at)
        VALUES (\(id), \(email), \(emailIndex), \(name), \(role), \(passwordHash), \(now), \(now))
        """
    }

    /// Inserts the user unless the id or the address exists.
    func insertOnce(at now: Instant) -> SQL { "\(insert(at: now)) ON CONFLICT DO NOTHING" }
}

/// The first administrators of new tenants, until the schemas of the tenants exist.
enum FirstAdministrators {
    /// Keeps the user in the registry.
    static func reserve(_ user: NewUser, in tenant: TenantSlug) -> SQL {
        """
        INSERT INTO first_administrators (tenant, id, email, email_index, name, password_hash)
        VALUES (\(tenant), \(user.id), \(user.email), \(user.emailIndex), \(user.name), \(user.passwordHash))
        """
    }

    /// All users that are kept, and their tenants.
    static let all: Query<[(tenant: TenantSlug, user: NewUser)]> = .all("SELECT * FROM first_administrators") { row in
        (tenant: try row.get("tenant"), user: try NewUser(row))
    }

    static func remove(of tenant: TenantSlug) -> SQL { "DELETE FROM first_administrators WHERE tenant = \(tenant)" }
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
