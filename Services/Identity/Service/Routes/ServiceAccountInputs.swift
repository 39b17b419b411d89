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

/// What to change; properties that are absent stay as they are.
struct ServiceAccountChange: Codable, Sendable {
    /// The new name; absent if it stays.
    let name: DisplayName?
    /// The new scopes, in place of all of before; absent if they stay.
    let scopes: [Scope]?
    /// Whether the program gets tokens; absent if that stays.
    let active: Bool?
    /// When the account expires; absent if that stays.
    let expiresAt: Instant?

    var changes: ServiceAccountChanges {
        ServiceAccountChanges(name: name, scopes: scopes.map { Set($0) }, isActive: active, expiresAt: expiresAt)
    }
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
