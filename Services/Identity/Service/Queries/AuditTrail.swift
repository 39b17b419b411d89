import Authentication
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Tenancy

/// Reads the trail of accesses of the caller's tenant, the latest first.
@EventLoop
struct AuditTrail {
    let context: Dependencies

    /// At most `limit` lines, older than `id`.
    func lines(before id: AuditLineID?, limit: Int, by caller: Caller) async throws -> [AuditLine] {
        let store = try await context.directory.store(for: caller.tenant).data
        return try await store.batch([
            "SELECT * FROM access_audit WHERE \(id)::uuid IS NULL OR id < \(id) ORDER BY id DESC LIMIT \(limit)",
            Audit.record(.auditRead, by: caller.actor, at: context.now()),
        ])[0].map(AuditLine.init)
    }
}

/// One access, as it is stored and shown.
struct AuditLine: Codable, Sendable {
    let id: AuditLineID
    let at: Instant
    let userID: UserID?
    let sessionID: SessionID?
    let action: String
    let object: String?
    let outcome: String
    let network: String
    let traceID: String?

    init(_ row: Row) throws {
        id = try row.get("id")
        at = try row.get("at")
        userID = try row.find("user_id")
        sessionID = try row.find("session_id")
        action = try row.get("action")
        object = try row.find("object")
        outcome = try row.get("outcome")
        network = try row.get("network")
        traceID = try row.find("trace_id")
    }
}
