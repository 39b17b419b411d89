import Authentication
import GuichetProtocol
import Postgres
import Primitives
import Runtime

/// The record of accesses, one table per tenant.
enum Audit {
    enum Outcome: String { case granted, refused }

    /// Writes one line. Belongs into the transaction that it documents.
    static func record(
        _ action: AuditedAction, _ outcome: Outcome = .granted, by actor: AuditActor,
        on object: (any CustomStringConvertible)? = nil, at now: Instant
    ) -> SQL {
        "INSERT INTO access_audit \(line(action, outcome, by: actor, on: object, at: now))"
    }

    /// Writes one line into the audit of the platform's own tenant. Belongs into transactions of the registry, which is
    /// on the same server.
    static func recordOnPlatform(
        _ action: AuditedAction, by actor: AuditActor, on object: (any CustomStringConvertible)? = nil, at now: Instant
    ) -> SQL {
        "INSERT INTO identity_guichet.access_audit \(line(action, .granted, by: actor, on: object, at: now))"
    }

    /// Writes one line for the first use of a token whose session has ended, and nothing for later ones. It waits for no
    /// other use.
    static func recordUseOfEndedSession(by caller: Caller, on route: String, at now: Instant) -> SQL {
        """
        WITH first_use AS (
            UPDATE sessions SET refused_at = \(now) WHERE id = (
                SELECT id FROM sessions WHERE id = \(caller.session) AND user_id = \(caller.user) AND refused_at IS NULL
                FOR UPDATE SKIP LOCKED)
            RETURNING id)
        INSERT INTO access_audit (\(columns))
        SELECT \(values(.tokenUse, .refused, by: caller.actor, on: route, at: now)) FROM first_use
        """
    }

    /// At most `limit` lines, newest first, that are older than `id`.
    static func page(before id: AuditLineID?, limit: Int) -> Query<[AuditLineView]> {
        .all(
            "SELECT * FROM access_audit WHERE \(id)::uuid IS NULL OR id < \(id) ORDER BY id DESC LIMIT \(limit)",
            AuditLineView.init)
    }

    private static func line(
        _ action: AuditedAction, _ outcome: Outcome, by actor: AuditActor, on object: (any CustomStringConvertible)?,
        at now: Instant
    ) -> SQL { "(\(columns)) VALUES (\(values(action, outcome, by: actor, on: object, at: now)))" }

    private static let columns: SQL = "id, at, user_id, session_id, action, object, outcome, network, trace_id"

    private static func values(
        _ action: AuditedAction, _ outcome: Outcome, by actor: AuditActor, on object: (any CustomStringConvertible)?,
        at now: Instant
    ) -> SQL {
        let id = AuditLineID.new(at: now)
        return """
            \(id), \(now), \(actor.user), \(actor.session), \(action.rawValue), \(object?.description),
            \(outcome.rawValue), \(actor.network.description), \(TraceContext.current?.traceID)
            """
    }
}

extension AuditLineView {
    fileprivate init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), at: try row.get("at"), userID: try row.find("user_id"),
            sessionID: try row.find("session_id"), action: try row.get("action"), object: try row.find("object"),
            outcome: try row.get("outcome"), network: try row.get("network"), traceID: try row.find("trace_id"))
    }
}
