import Authentication
import GuichetProtocol
import Postgres
import Primitives
import Runtime

/// Who acts, as the audit names him.
struct Actor: Sendable {
    /// Nil for somebody who has not shown who he is.
    var user: UserID?
    var session: SessionID?
    let network: ClientNetwork

    init(user: UserID? = nil, session: SessionID? = nil, network: ClientNetwork) {
        (self.user, self.session, self.network) = (user, session, network)
    }

    /// The same client, now known to be that user.
    func identified(as user: UserID, session: SessionID? = nil) -> Actor {
        Actor(user: user, session: session, network: network)
    }
}

/// What is written down. The raw values stay as they are: audits are read for years.
enum AuditedAction: String {
    case login, enrolment, refresh, logout
    case reuse = "refresh.reuse"
    case passwordChange = "password.change"
    /// Somebody asked who he is himself.
    case selfRead = "self.read"
    case usersRead = "users.read"
    case userCreate = "user.create"
    case userChange = "user.change"
    case userDisable = "user.disable"
    case userErase = "user.erase"
    case tenantsRead = "tenants.read"
    case tenantCreate = "tenant.create"
    case tenantChange = "tenant.change"
    case auditRead = "audit.read"
    /// A route that the caller's role does not open.
    case routeCall = "route.call"
    case recoveryCodesRenew = "recovery-codes.renew"
    /// What operators do on the command line.
    case bootstrap
    case keysRotate = "keys.rotate"
}

/// The trail of accesses.
enum Audit {
    enum Outcome: String { case granted, refused }

    /// The statement that writes one line, for the transaction of what it is about.
    static func record(
        _ action: AuditedAction, _ outcome: Outcome = .granted, by actor: Actor,
        on object: (any CustomStringConvertible)? = nil, at now: Instant
    ) -> SQL {
        let id = AuditLineID.new(at: now)
        return """
            INSERT INTO access_audit (id, at, user_id, session_id, action, object, outcome, network, trace_id)
            VALUES (\(id), \(now), \(actor.user), \(actor.session), \(action.rawValue), \(object?.description),
                \(outcome.rawValue), \(actor.network.description), \(TraceContext.current?.traceID))
            """
    }
}

/// Marks ids of lines of the audit.
enum AuditLineKind {}
/// Names a line of the audit; ids rise with time.
typealias AuditLineID = Identifier<AuditLineKind>
