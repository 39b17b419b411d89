package import GuichetProtocol
package import Primitives

/// Who makes a request, as a verified token says.
package struct Principal: Hashable, Sendable {
    /// The person or machine.
    package let userID: UserID
    /// The tenant whose data they may touch, and the only one.
    package let tenant: TenantSlug
    /// What they may do there.
    package let role: Role
    /// The login this token came from; audit lines name it.
    package let sessionID: SessionID
    /// When the token stops to count.
    package let expiresAt: Instant

    package init(userID: UserID, tenant: TenantSlug, role: Role, sessionID: SessionID, expiresAt: Instant) {
        self.userID = userID
        self.tenant = tenant
        self.role = role
        self.sessionID = sessionID
        self.expiresAt = expiresAt
    }
}
