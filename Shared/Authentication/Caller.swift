package import GuichetProtocol
package import Primitives

/// The person or machine that makes a request, according to their token.
package struct Caller: Hashable, Sendable {
    /// Their account.
    package let user: UserID
    /// The only tenant whose data they may access.
    package let tenant: TenantSlug
    /// Their role in it.
    package let role: Role
    /// The login that their token came from.
    package let session: SessionID
    /// The network that the request came from.
    package let network: ClientNetwork

    /// The caller of a verified token.
    package init(_ principal: Principal, network: ClientNetwork) {
        (user, tenant, role) = (principal.userID, principal.tenant, principal.role)
        (session, self.network) = (principal.sessionID, network)
    }
}
