import GuichetProtocol
import IdentityDomain
import Primitives

/// A program that calls the API by itself.
struct ServiceAccountView: Codable, Sendable {
    /// The id of the account: the `client_id` of its programs, and the `sub` of its tokens.
    let id: UserID
    /// The name of the program.
    let name: DisplayName
    /// What the program may do.
    let scopes: [Scope]
    /// False if the program gets no tokens.
    let active: Bool
    /// When the account expires; absent if it does not.
    let expiresAt: Instant?
    /// When a token was last issued to it; absent if never.
    let lastUsedAt: Instant?
    /// The secrets, the oldest first. Expired ones are removed when another is made.
    let secrets: [Secret]
    /// When the account was created.
    let createdAt: Instant
    /// When the account was last changed.
    let updatedAt: Instant

    /// A secret, without the secret itself.
    struct Secret: Codable, Sendable {
        /// The id of the secret.
        let id: SecretID
        /// When the secret was created.
        let createdAt: Instant
        /// When the secret expires; absent if it is valid until it is removed.
        let expiresAt: Instant?
        /// When the secret was last exchanged for a token; absent if never.
        let lastUsedAt: Instant?
    }

    /// `secrets` may contain those of other accounts, too.
    init(_ account: ServiceAccount, _ secrets: [ServiceAccount.Secret]) {
        let own = secrets.filter { $0.account == account.id }
        (id, name, active) = (account.id, account.name, account.isActive)
        scopes = account.scopes.sorted { $0.rawValue < $1.rawValue }
        (expiresAt, lastUsedAt) = (account.expiresAt, own.compactMap(\.lastUsedAt).max())
        self.secrets = own.map {
            Secret(id: $0.id, createdAt: $0.createdAt, expiresAt: $0.expiresAt, lastUsedAt: $0.lastUsedAt)
        }
        (createdAt, updatedAt) = (account.createdAt, account.updatedAt)
    }
}

/// A new secret of a service account.
struct NewSecretView: Codable, Sendable {
    /// The id of the secret, to remove it by.
    let id: SecretID
    /// The id of the account, `client_id` of a token request.
    let clientID: UserID
    /// The secret, `client_secret` of a token request. It is shown only here.
    let clientSecret: String
    /// When the secret expires; absent if it is valid until it is removed.
    let expiresAt: Instant?
}

/// A token as RFC 6749 section 5.1 answers it.
struct GrantedToken: Encodable, Sendable {
    let text: String
    /// In seconds.
    let lifetime: Int
    let scope: String

    private enum CodingKeys: String, CodingKey {
        case text = "access_token"
        case type = "token_type"
        case lifetime = "expires_in"
        case scope
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(text, forKey: .text)
        try container.encode("Bearer", forKey: .type)
        try container.encode(lifetime, forKey: .lifetime)
        try container.encode(scope, forKey: .scope)
    }
}
