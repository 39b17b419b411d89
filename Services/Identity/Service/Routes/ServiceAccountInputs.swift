import GuichetProtocol
import HTTPServer
import IdentityDomain
import Primitives

/// A service account to create.
struct ServiceAccountCreation: Codable, Sendable {
    /// The name of the program, unique in the tenant.
    let name: DisplayName
    /// What the program may do.
    let scopes: [Scope]
    /// When the account expires; absent if it does not.
    let expiresAt: Instant?

    var draft: ServiceAccountDraft {
        ServiceAccountDraft(name: name, scopes: Set(scopes), expiresAt: expiresAt)
    }
}

/// A merge patch (RFC 7396): members that are absent stay.
struct ServiceAccountChange: Codable, Sendable {
    /// The new name; absent if it stays.
    let name: DisplayName?
    /// The new scopes, in place of all of before; absent if they stay.
    let scopes: [Scope]?
    /// Whether the program gets tokens; absent if that stays.
    let active: Bool?
    /// When the account expires; absent if that stays, and null if it does not expire any more.
    let expiresAt: Instant?
    private let removesExpiry: Bool

    private enum Field: String, CodingKey { case name, scopes, active, expiresAt }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Field.self)
        name = try fields.decodeIfPresent(DisplayName.self, forKey: .name)
        scopes = try fields.decodeIfPresent([Scope].self, forKey: .scopes)
        active = try fields.decodeIfPresent(Bool.self, forKey: .active)
        removesExpiry = try fields.contains(.expiresAt) && fields.decodeNil(forKey: .expiresAt)
        expiresAt = try fields.decodeIfPresent(Instant.self, forKey: .expiresAt)
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Field.self)
        try fields.encodeIfPresent(name, forKey: .name)
        try fields.encodeIfPresent(scopes, forKey: .scopes)
        try fields.encodeIfPresent(active, forKey: .active)
        try fields.encodeIfPresent(expiresAt, forKey: .expiresAt)
        if removesExpiry { try fields.encodeNil(forKey: .expiresAt) }
    }

    var changes: ServiceAccountChanges {
        ServiceAccountChanges(
            name: name, scopes: scopes.map { Set($0) }, isActive: active,
            expiry: removesExpiry ? .never : expiresAt.map { .at($0) } ?? .kept)
    }
}

/// A secret to make.
struct ServiceAccountSecretCreation: Codable, Sendable {
    /// When the secret expires; absent if it is valid until it is removed.
    let expiresAt: Instant?
}

/// A request for a token (RFC 6749 section 4.4.2). The client authenticates by HTTP Basic or by `client_id` and
/// `client_secret`, never by both.
struct TokenRequest: FormBody, Codable {
    static let parameters = Set(CodingKeys.allCases.map(\.rawValue))

    /// `client_credentials`.
    let grantType: String
    /// The scopes wanted, separated by spaces; absent for all that the account has.
    let scope: String?
    /// The id of the account; absent with HTTP Basic.
    let clientID: String?
    /// A secret of the account; absent with HTTP Basic.
    let clientSecret: String?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case grantType = "grant_type"
        case scope
        case clientID = "client_id"
        case clientSecret = "client_secret"
    }
}
