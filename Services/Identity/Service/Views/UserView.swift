import GuichetProtocol
import IdentityDomain
import JSONCoding
import Primitives

/// A user, as those who administer the tenant see them.
struct UserView: Codable, Sendable {
    /// The id of the user.
    let id: UserID
    /// The address for the login.
    let email: EmailAddress
    /// The name as people read it.
    let name: DisplayName
    /// What the user may do.
    let role: Role
    /// False if the user cannot log in.
    let active: Bool
    /// Whether an authenticator application is enrolled.
    let secondFactor: Bool
    /// When the user was created.
    let createdAt: Instant
    /// When the user was last changed.
    let updatedAt: Instant

    init(_ account: Account) {
        (id, email, name, role) = (account.id, account.email, account.name, account.role)
        (active, secondFactor) = (account.isActive, account.secondFactor != nil)
        (createdAt, updatedAt) = (account.createdAt, account.updatedAt)
    }
}

extension Versioned<UserView> {
    init(_ account: Account) { self.init(view: UserView(account), version: account.version) }
}

/// The caller's own account and session.
struct SelfView: Codable, Sendable {
    /// The account.
    let user: UserView
    /// The slug of the tenant.
    let tenant: TenantSlug
    /// The session of the token.
    let session: SessionID
}
