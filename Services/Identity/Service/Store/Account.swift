import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives

/// A user as it lies in the database, decrypted.
struct Account: Sendable {
    let id: UserID
    let email: EmailAddress
    let name: DisplayName
    let role: Role
    let passwordHash: String
    let isActive: Bool
    let secondFactor: SecondFactor?
    let version: Int64
    let createdAt: Instant
    let updatedAt: Instant

    /// The authenticator application, once enrolled.
    struct SecondFactor: Sendable {
        let secret: [UInt8]
        let lastStep: Int64
    }

    /// The columns that ``init(_:_:)`` reads.
    static let columns: SQL = """
        users.id, users.email, users.name, users.role, users.password_hash, users.is_active, users.totp_secret,
        users.totp_last_step, users.version, users.created_at, users.updated_at
        """

    init(_ row: Row, _ vault: Vault) throws {
        let id: UserID = try row.get("id")
        self.id = id
        email = try Self.open(row, .email, of: id, vault, EmailAddress.init(stored:))
        name = try Self.open(row, .name, of: id, vault, DisplayName.init)
        role = try row.get("role")
        passwordHash = try row.get("password_hash")
        isActive = try row.get("is_active")
        secondFactor = try row.find("totp_secret", as: [UInt8].self).map { sealed in
            SecondFactor(
                secret: try vault.open(sealed, .totpSecret, of: id), lastStep: try row.get("totp_last_step"))
        }
        version = try row.get("version")
        createdAt = try row.get("created_at")
        updatedAt = try row.get("updated_at")
    }

    /// A value that the rules of today refuse although those of its time accepted it.
    struct Unreadable: Error { let column: Vault.Column }

    private static func open<Value>(
        _ row: Row, _ column: Vault.Column, of id: UserID, _ vault: Vault, _ read: (String) -> Value?
    ) throws -> Value {
        let bytes = try vault.open(row.get(column.rawValue), column, of: id)
        guard let value = read(String(decoding: bytes, as: UTF8.self)) else { throw Unreadable(column: column) }
        return value
    }
}

extension Role: PostgresValue {
    package init?(postgresText: String) { self.init(rawValue: postgresText) }
    package var postgresText: String { rawValue }
}
