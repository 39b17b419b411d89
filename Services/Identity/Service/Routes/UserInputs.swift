import GuichetProtocol
import HTTPServer
import IdentityDomain
import Primitives

/// A user to create.
struct UserCreation: Codable, Sendable {
    /// The address for the login, unique in the tenant.
    let email: EmailAddress
    /// The name as people read it.
    let name: DisplayName
    /// What the user may do; one that the caller may grant.
    let role: Role
    /// The first password.
    let password: String

    var draft: UserDraft { UserDraft(email: email, name: name, role: role, password: password) }
}

/// What to change; properties that are absent stay as they are.
struct UserChange: Codable, Sendable {
    /// The new name; absent if it stays.
    let name: DisplayName?
    /// The new role; absent if it stays.
    let role: Role?
    /// Whether the user can log in; absent if that stays.
    let active: Bool?
    /// The new password; absent if it stays.
    let password: String?
    /// True removes the second factor, to be enrolled again.
    let resetSecondFactor: Bool?

    var changes: AccountChanges {
        AccountChanges(
            name: name, role: role, isActive: active, password: password,
            resetsSecondFactor: resetSecondFactor ?? false)
    }
}

struct RemovalQuery: Codable, Sendable {
    /// Also removes the name and the address for good.
    let erase: Bool?
}
