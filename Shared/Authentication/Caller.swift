package import GuichetProtocol
package import Primitives

/// The person or machine that asks for a use case, as their token says.
package struct Caller: Hashable, Sendable {
    /// Their account.
    package let user: UserID
    /// The tenant whose data they may touch, and the only one.
    package let tenant: TenantSlug
    /// What they may do there.
    package let role: Role
    /// The login that their token came from.
    package let session: SessionID
    /// Where the request came from.
    package let network: ClientNetwork

    /// The caller of a verified token.
    package init(_ principal: Principal, network: ClientNetwork) {
        (user, tenant, role) = (principal.userID, principal.tenant, principal.role)
        (session, self.network) = (principal.sessionID, network)
    }
}
