package import GuichetProtocol
package import Primitives

/// A user to create.
package struct UserDraft: Sendable {
    package let email: EmailAddress
    package let name: DisplayName
    package let role: Role
    package let password: String

    package init(email: EmailAddress, name: DisplayName, role: Role, password: String) {
        (self.email, self.name, self.role, self.password) = (email, name, role, password)
    }
}
