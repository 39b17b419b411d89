import Authentication
import GuichetProtocol
import Primitives

/// Who asks for something, as his token says.
struct Caller: Sendable {
    let user: UserID
    let tenant: TenantSlug
    let role: Role
    let session: SessionID
    let network: ClientNetwork

    init(_ principal: Principal, network: ClientNetwork) {
        (user, tenant, role) = (principal.userID, principal.tenant, principal.role)
        (session, self.network) = (principal.sessionID, network)
    }

    var actor: Actor { Actor(user: user, session: session, network: network) }
}
