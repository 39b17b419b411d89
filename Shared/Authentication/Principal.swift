package import GuichetProtocol
package import Primitives

/// The author of a request, according to a verified token.
package struct Principal: Hashable, Sendable {
    /// The person or machine.
    package let userID: UserID
    /// The only tenant whose data they may access.
    package let tenant: TenantSlug
    /// What they may do in it.
    package let rights: Rights
    /// The login that this token came from, or the secret of a service account; audit records name it.
    package let sessionID: SessionID
    /// When the token expires.
    package let expiresAt: Instant

    package init(userID: UserID, tenant: TenantSlug, rights: Rights, sessionID: SessionID, expiresAt: Instant) {
        self.userID = userID
        self.tenant = tenant
        self.rights = rights
        self.sessionID = sessionID
        self.expiresAt = expiresAt
    }

    /// A person with a role.
    package init(userID: UserID, tenant: TenantSlug, role: Role, sessionID: SessionID, expiresAt: Instant) {
        self.init(userID: userID, tenant: tenant, rights: .role(role), sessionID: sessionID, expiresAt: expiresAt)
    }

    /// The role of a person; nil for service accounts.
    package var role: Role? { rights.role }
}
