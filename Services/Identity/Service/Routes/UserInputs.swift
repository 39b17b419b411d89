import GuichetProtocol
import HTTPServer
import IdentityDomain
import Primitives

struct UserCreation: Codable, Sendable {
    let email: EmailAddress
    let name: DisplayName
    let role: Role
    let password: String

    var draft: UserDraft { UserDraft(email: email, name: name, role: role, password: password) }
}

/// What to change; properties that are absent stay as they are.
struct UserChange: Codable, Sendable {
    let name: DisplayName?
    let role: Role?
    let active: Bool?
    let password: String?
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
