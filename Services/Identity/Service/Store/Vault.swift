import Authentication
import Cryptography
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import Tenancy

/// Encrypts the personal data of one tenant's users, each value for its column and row, and computes the digests that
/// accounts are found by.
struct Vault: Sendable {
    /// The columns of `users` that are encrypted.
    enum Column: String {
        case email, name
        case totpSecret = "totp_secret"
    }

    let tenant: TenantSlug
    let keyRing: KeyRing
    let blindIndex: BlindIndex

    func seal(_ bytes: [UInt8], _ column: Column, of user: UserID) -> [UInt8] {
        keyRing.encrypt(bytes, in: field(column, user))
    }

    func seal(_ text: String, _ column: Column, of user: UserID) -> [UInt8] { seal(Array(text.utf8), column, of: user) }

    func open(_ bytes: [UInt8], _ column: Column, of user: UserID) throws -> [UInt8] {
        try keyRing.decrypt(bytes, in: field(column, user))
    }

    /// The digest that an account is found by.
    func index(of email: EmailAddress) -> [UInt8] {
        blindIndex.digest(of: email.normalized, tenant: tenant, label: "user.email")
    }

    /// The digest of a network that attempts come from. Addresses are personal data, and few enough to be guessed.
    func source(_ network: ClientNetwork) -> [UInt8] {
        blindIndex.digest(of: network.subscriber, tenant: tenant, label: "attempts.network")
    }

    /// The digest of a session that attempts come from.
    func source(_ session: SessionID) -> [UInt8] {
        blindIndex.digest(of: session.description, tenant: tenant, label: "attempts.session")
    }

    /// A keyed digest: recovery codes have 50 bits, so an unkeyed one could be guessed.
    func digest(ofRecoveryCode code: RecoveryCode, of user: UserID) -> [UInt8] {
        blindIndex.digest(of: "\(user) \(code.canonical)", tenant: tenant, label: "user.recovery-code")
    }

    /// The columns that are encrypted again when the key changes. Those of `first_administrators` and
    /// `enrolment_tickets` are not among them: their rows are removed before the old key is.
    static let columns = [
        EncryptedColumn("users", "email") {
            "SELECT id::text AS row, email AS value FROM users WHERE id::text > \($0) ORDER BY id::text LIMIT 500"
        } replace: {
            "UPDATE users SET email = \($2) WHERE id = \($0)::uuid AND email = \($1)"
        },
        EncryptedColumn("users", "name") {
            "SELECT id::text AS row, name AS value FROM users WHERE id::text > \($0) ORDER BY id::text LIMIT 500"
        } replace: {
            "UPDATE users SET name = \($2) WHERE id = \($0)::uuid AND name = \($1)"
        },
        EncryptedColumn("users", "totp_secret") {
            """
            SELECT id::text AS row, totp_secret AS value FROM users
            WHERE totp_secret IS NOT NULL AND id::text > \($0) ORDER BY id::text LIMIT 500
            """
        } replace: {
            "UPDATE users SET totp_secret = \($2) WHERE id = \($0)::uuid AND totp_secret = \($1)"
        },
        EncryptedColumn("signing_keys", "private_key", of: .registry) {
            "SELECT id AS row, private_key AS value FROM signing_keys WHERE id > \($0) ORDER BY id LIMIT 500"
        } replace: {
            "UPDATE signing_keys SET private_key = \($2) WHERE id = \($0) AND private_key = \($1)"
        },
    ]

    private func field(_ column: Column, _ user: UserID) -> EncryptedField {
        EncryptedField(tenant: tenant, table: "users", column: column.rawValue, row: user)
    }
}
