import Authentication
import GuichetProtocol

/// Who acts, as lines of the audit name them.
struct AuditActor: Sendable {
    /// An operator on the command line.
    static let operatorOnConsole = AuditActor(network: .console)

    /// Nil for a client that has not proved who they are.
    var user: UserID?
    var session: SessionID?
    let network: ClientNetwork

    init(user: UserID? = nil, session: SessionID? = nil, network: ClientNetwork) {
        (self.user, self.session, self.network) = (user, session, network)
    }

    /// The same client, now known to be this user.
    func identified(as user: UserID, session: SessionID? = nil) -> AuditActor {
        AuditActor(user: user, session: session, network: network)
    }
}

extension Caller {
    /// The caller, as lines of the audit name them.
    var actor: AuditActor { AuditActor(user: user, session: session, network: network) }
}
