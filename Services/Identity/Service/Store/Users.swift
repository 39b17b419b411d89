import EventLoop
import GuichetProtocol
import IdentityDomain
import Messaging
import Postgres
import Primitives

extension Realm {
    /// The account with this id; nil if there is none.
    func account(_ id: UserID) -> Query<Account?> {
        .first("SELECT \(Account.columns) FROM users WHERE id = \(id)", read)
    }

    /// The account with this digest of its address; nil if there is none.
    func account(withIndex index: [UInt8]) -> Query<Account?> {
        .first("SELECT \(Account.columns) FROM users WHERE email_index = \(index)", read)
    }

    /// At most `limit` accounts in the order of their creation, after `id`.
    func accounts(after id: UserID?, limit: Int) -> Query<[Account]> {
        .all(
            """
            SELECT \(Account.columns) FROM users WHERE \(id)::uuid IS NULL OR id > \(id) ORDER BY id LIMIT \(limit)
            """, read)
    }

    /// Reads the account and locks its row until the transaction ends.
    func lockedAccount(_ id: UserID) -> Query<Account?> {
        .first("SELECT \(Account.columns) FROM users WHERE id = \(id) FOR UPDATE", read)
    }

    /// Reads the account and locks its row until the transaction ends. Throws ``NotFound``.
    func lock(_ id: UserID, in transaction: Transaction) async throws -> Account {
        guard let account = try await transaction.ask(lockedAccount(id)) else { throw NotFound() }
        return account
    }

    /// Whether the account is active and has not changed since it was read; it cannot change until the transaction ends.
    func isUnchanged(_ account: Account) -> Query<Bool> {
        Query(
            """
            SELECT id FROM users
            WHERE id = \(account.id) AND is_active AND version = \(account.version.number)
                AND \(SQL.generation) = \(account.version.generation)
            FOR SHARE
            """
        ) { !$0.isEmpty }
    }

    /// Changes the properties that are given.
    func change(_ account: Account, _ changes: AccountChanges, passwordHash: String?, at now: Instant) -> SQL {
        let name = vault.seal((changes.name ?? account.name).description, .name, of: account.id)
        return """
            UPDATE users SET name = \(name), role = \(changes.role ?? account.role),
                is_active = \(changes.isActive ?? account.isActive),
                password_hash = \(passwordHash ?? account.passwordHash), version = version + 1, updated_at = \(now)
            WHERE id = \(account.id)
            """
    }

    /// Replaces the address, the name and the password of a user.
    func replaceIdentity(
        of user: UserID, _ email: EmailAddress, _ name: DisplayName, passwordHash: String, at now: Instant
    ) -> SQL {
        """
        UPDATE users SET email = \(vault.seal(email.normalized, .email, of: user)),
            email_index = \(vault.index(of: email)), name = \(vault.seal(name.description, .name, of: user)),
            password_hash = \(passwordHash), version = version + 1, updated_at = \(now)
        WHERE id = \(user)
        """
    }

    /// Replaces the password hash.
    func setPassword(_ hash: String, of user: UserID, at now: Instant) -> SQL {
        "UPDATE users SET password_hash = \(hash), version = version + 1, updated_at = \(now) WHERE id = \(user)"
    }

    /// Whether another active account has the same role. Asked under ``lockAccounts``.
    func hasOtherAdministrator(than account: Account) -> Query<Bool> {
        Query("SELECT FROM users WHERE role = \(account.role) AND is_active AND id <> \(account.id) LIMIT 1") {
            !$0.isEmpty
        }
    }

    /// Makes an account of a row that has ``Account/columns``.
    var read: @Sendable (Row) throws -> Account {
        { [vault] row in try Account(row, vault) }
    }
}

extension Account {
    /// The columns that ``init(_:_:)`` reads.
    static let columns: SQL = """
        users.id, users.email, users.name, users.role, users.password_hash, users.is_active, users.totp_secret,
        users.totp_last_step, users.version, \(SQL.generation) AS generation, users.created_at, users.updated_at
        """

    /// Throws ``CorruptRow`` or `DecryptionError` for a row that this service did not write.
    init(_ row: Row, _ vault: Vault) throws {
        let id: UserID = try row.get("id")
        let factor = try row.find("totp_secret", as: [UInt8].self).map { sealed in
            SecondFactor(
                secret: try vault.open(sealed, .totpSecret, of: id), lastStep: try row.get("totp_last_step"))
        }
        self.init(
            id: id, email: EmailAddress(stored: try Self.open(row, .email, of: id, vault)),
            name: DisplayName(stored: try Self.open(row, .name, of: id, vault)), role: try row.get("role"),
            passwordHash: try row.get("password_hash"), isActive: try row.get("is_active"), secondFactor: factor,
            version: try row.version(), createdAt: try row.get("created_at"), updatedAt: try row.get("updated_at"))
    }

    private static func open(
        _ row: Row, _ column: Vault.Column, of id: UserID, _ vault: Vault
    ) throws -> String {
        String(decoding: try vault.open(row.get(column.rawValue), column, of: id), as: UTF8.self)
    }
}

extension Role: PostgresValue {
    package init?(postgresText: String) { self.init(rawValue: postgresText) }
    package var postgresText: String { rawValue }
}
