import GuichetProtocol
import IdentityDomain
import JSONCoding
import Primitives

/// A user, as those who administer the tenant see them.
struct UserView: Codable, Sendable {
    let id: UserID
    let email: EmailAddress
    let name: DisplayName
    let role: Role
    let active: Bool
    /// Whether an authenticator application is enrolled.
    let secondFactor: Bool
    let createdAt: Instant
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
    let user: UserView
    let tenant: TenantSlug
    let session: SessionID
}
