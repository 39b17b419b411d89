import Cryptography
import GuichetProtocol
import IdentityDomain
import Primitives

/// Encrypts what names a person of one tenant, each value for its column and row, and finds accounts all the same.
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

    /// What an account is found by.
    func index(of email: EmailAddress) -> [UInt8] {
        blindIndex.digest(of: email.description, tenant: tenant, label: "user.email")
    }

    /// A recovery code has 50 bits: without the key its digest would be guessed.
    func digest(ofRecoveryCode code: RecoveryCode, of user: UserID) -> [UInt8] {
        blindIndex.digest(of: "\(user) \(code.canonical)", tenant: tenant, label: "user.recovery-code")
    }

    private func field(_ column: Column, _ user: UserID) -> EncryptedField {
        EncryptedField(tenant: tenant, table: "users", column: column.rawValue, row: user)
    }
}
