package import GuichetProtocol
package import Primitives

/// The person or machine that makes a request, according to their token.
package struct Caller: Hashable, Sendable {
    /// Their account.
    package let user: UserID
    /// The only tenant whose data they may access.
    package let tenant: TenantSlug
    /// What they may do in it. Routes have checked it; use cases ask it where the rights of callers of one route differ.
    package let rights: Rights
    /// The login that their token came from, or the secret of a service account.
    package let session: SessionID
    /// The network that the request came from.
    package let network: ClientNetwork

    /// The caller of a verified token.
    package init(_ principal: Principal, network: ClientNetwork) {
        (user, tenant, rights) = (principal.userID, principal.tenant, principal.rights)
        (session, self.network) = (principal.sessionID, network)
    }

    /// The role of a person; nil for service accounts.
    package var role: Role? { rights.role }
}
