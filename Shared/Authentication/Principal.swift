package import GuichetProtocol
package import Primitives

/// The author of a request, according to a verified token.
package struct Principal: Hashable, Sendable {
    /// The person or machine.
    package let userID: UserID
    /// The only tenant whose data they may access.
    package let tenant: TenantSlug
    /// Their role in it.
    package let role: Role
    /// The login that this token came from; audit records name it.
    package let sessionID: SessionID
    /// When the token expires.
    package let expiresAt: Instant

    package init(userID: UserID, tenant: TenantSlug, role: Role, sessionID: SessionID, expiresAt: Instant) {
        self.userID = userID
        self.tenant = tenant
        self.role = role
        self.sessionID = sessionID
        self.expiresAt = expiresAt
    }
}
