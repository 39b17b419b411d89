package import GuichetProtocol
package import Primitives

/// A user with everything that the rules about logging in and changing accounts need, decrypted.
package struct Account: Sendable {
    package let id: UserID
    package let email: EmailAddress
    package let name: DisplayName
    package let role: Role
    package let passwordHash: String
    package let isActive: Bool
    package let secondFactor: SecondFactor?
    /// Counts changes.
    package let version: EntityVersion
    package let createdAt: Instant
    package let updatedAt: Instant

    package init(
        id: UserID, email: EmailAddress, name: DisplayName, role: Role, passwordHash: String, isActive: Bool,
        secondFactor: SecondFactor?, version: EntityVersion, createdAt: Instant, updatedAt: Instant
    ) {
        (self.id, self.email, self.name, self.role) = (id, email, name, role)
        (self.passwordHash, self.isActive, self.secondFactor) = (passwordHash, isActive, secondFactor)
        (self.version, self.createdAt, self.updatedAt) = (version, createdAt, updatedAt)
    }

    /// The authenticator application, once enrolled.
    package struct SecondFactor: Sendable {
        package let secret: [UInt8]
        /// The last step of 30 s whose code was used.
        package let lastStep: Int64

        package init(secret: [UInt8], lastStep: Int64) { (self.secret, self.lastStep) = (secret, lastStep) }
    }
}
