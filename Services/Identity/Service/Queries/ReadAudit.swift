import Authentication
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Reads the audit of the caller's tenant, newest lines first; this leaves a line, too.
@EventLoop
struct ReadAudit {
    let context: ServiceContext

    /// At most `limit` lines, older than `id`.
    func callAsFunction(before id: AuditLineID?, limit: Int, by caller: Caller) async throws -> [AuditLineView] {
        let store = try await context.store(for: caller.tenant).data
        let line = Query.run(Audit.record(.auditRead, by: caller.actor, at: context.now))
        return try await store.ask(Audit.page(before: id, limit: limit), line).0
    }
}
