import Authentication
import EventLoop
import GuichetProtocol
import Idempotency
import IdentityDomain
import Postgres
import Primitives
import Tenancy

/// Creates, changes and shuts out the users of the caller's tenant.
@EventLoop
struct ManageUsers {
    /// A user to create.
    struct Draft: Sendable {
        let email: EmailAddress
        let name: DisplayName
        let role: Role
        let password: String
    }

    /// What to change; nil leaves it as it is.
    struct Changes: Sendable {
        var name: DisplayName?
        var role: Role?
        var isActive: Bool?
        /// A new password, for somebody who has forgotten his.
        var password: String?
        /// The authenticator application is lost, and the recovery codes with it: enrol another.
        var resetsSecondFactor = false

        /// Whether sessions that were opened before must not go on.
        var endsSessions: Bool { role != nil || isActive == false || password != nil || resetsSecondFactor }
    }

    let context: Dependencies
    let hasher: PasswordHasher

    /// Once per key; returns the user created then or now.
    func create(_ draft: Draft, _ request: IdempotencyRecord?, by caller: Caller) async throws -> Account {
        let realm = try await Realm(of: caller.tenant, context)
        guard caller.role.grants.contains(draft.role), draft.role.exists(in: caller.tenant) else {
            throw IdentityError.roleNotGrantable
        }
        let (hash, now) = (try await hasher.hash(draft.password, of: draft.email), context.now())
        let id: UserID
        do {
            id = try await realm.data.once(request) { transaction in
                let id = UserID.new(at: now)
                try await transaction.batch([
                    NewUser(draft, id: id, passwordHash: hash, realm.vault).insert,
                    Audit.record(.userCreate, by: caller.actor, on: id, at: now),
                ])
                return id
            }
        } catch let error as PostgresError where error.code == .conflict(constraint: "user_email_is_free") {
            throw IdentityError.emailTaken
        }
        guard let account = try await realm.account(id) else { throw IdentityError.notFound }
        return account
    }

    /// Changes the user if it has this version; any version when none is given.
    func change(
        _ id: UserID, _ changes: Changes, ifVersion version: Int64?, by caller: Caller
    ) async throws -> Account {
        let realm = try await Realm(of: caller.tenant, context)
        var hash: String?
        if let password = changes.password {
            guard let account = try await realm.account(id) else { throw IdentityError.notFound }
            hash = try await hasher.hash(password, of: account.email)
        }
        let (newHash, now) = (hash, context.now())
        return try await realm.data.transaction { transaction in
            let account = try await realm.lock(id, in: transaction)
            guard version.map({ $0 == account.version }) ?? true else { throw IdentityError.versionConflict }
            try Self.check(changes, of: account, by: caller)
            try await Self.keepAdministrator(besides: account, changes, in: transaction)
            let name = realm.vault.seal((changes.name ?? account.name).description, .name, of: id)
            var statements: [SQL] = [
                """
                UPDATE users SET name = \(name), role = \(changes.role ?? account.role),
                    is_active = \(changes.isActive ?? account.isActive),
                    password_hash = \(newHash ?? account.passwordHash), version = version + 1, updated_at = \(now)
                WHERE id = \(id)
                """,
                Audit.record(
                    changes.isActive == false ? .userDisable : .userChange, by: caller.actor, on: id, at: now),
            ]
            if changes.resetsSecondFactor {
                statements.append("UPDATE users SET totp_secret = NULL, totp_last_step = NULL WHERE id = \(id)")
                statements.append("DELETE FROM recovery_codes WHERE user_id = \(id)")
            }
            if changes.endsSessions { statements.append(Sessions.endAll(of: id, at: now)) }
            try await transaction.batch(statements)
            return try await realm.lock(id, in: transaction)
        }
    }

    /// Two administrators may shut each other out at the same moment: such changes come one by one, and one of those who
    /// administer stays.
    private static func keepAdministrator(
        besides account: Account, _ changes: Changes, in transaction: Transaction
    ) async throws {
        let role = changes.role ?? account.role
        guard account.role.administers, role != account.role || changes.isActive == false else { return }
        try await transaction.query(
            "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' administrators', 0))")
        let others = try await transaction.query(
            "SELECT FROM users WHERE role = \(account.role) AND is_active AND id <> \(account.id) LIMIT 1")
        guard !others.isEmpty else { throw IdentityError.lastAdministrator }
    }

    private static func check(_ changes: Changes, of account: Account, by caller: Caller) throws {
        let needed: Set = [account.role, changes.role ?? account.role]
        guard needed.isSubset(of: caller.role.grants), needed.allSatisfy({ $0.exists(in: caller.tenant) }) else {
            throw IdentityError.roleNotGrantable
        }
        guard account.id != caller.user || !changes.endsSessions else { throw IdentityError.ownAccount }
    }
}

/// A user on the way into the table.
struct NewUser: Sendable {
    let id: UserID
    let email: [UInt8]
    let emailIndex: [UInt8]
    let name: [UInt8]
    let role: Role
    let passwordHash: String

    init(_ draft: ManageUsers.Draft, id: UserID, passwordHash: String, _ vault: Vault) {
        self.id = id
        email = vault.seal(draft.email.normalized, .email, of: id)
        emailIndex = vault.index(of: draft.email)
        name = vault.seal(draft.name.description, .name, of: id)
        role = draft.role
        self.passwordHash = passwordHash
    }

    var insert: SQL {
        """
        INSERT INTO users (id, email, email_index, name, role, password_hash)
        VALUES (\(id), \(email), \(emailIndex), \(name), \(role), \(passwordHash))
        """
    }
}

extension Realm {
    func account(_ id: UserID) async throws -> Account? {
        try await data.query("SELECT \(Account.columns) FROM users WHERE id = \(id)").first.map {
            try Account($0, vault)
        }
    }

    /// The user, whom nobody else changes until the transaction ends.
    func lock(_ id: UserID, in transaction: Transaction) async throws -> Account {
        let rows = try await transaction.query("SELECT \(Account.columns) FROM users WHERE id = \(id) FOR UPDATE")
        guard let row = rows.first else { throw IdentityError.notFound }
        return try Account(row, vault)
    }
}

extension PasswordHasher {
    /// The hash of a new password that the rules allow.
    func hash(_ password: String, of email: EmailAddress) async throws -> String {
        do {
            try PasswordRules.check(password, of: email)
        } catch {
            throw IdentityError.passwordRefused(error)
        }
        return try await hash(password)
    }
}
