import Authentication
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Runtime
import ServiceHost
import Tenancy

/// Writes an audit line for a caller whose role does not permit a route, and one for each ended session whose token is
/// presented again, however often that happens. The caller does not wait for it.
@EventLoop
struct RecordRefusal {
    let context: ServiceContext
    private let log = Logger("audit")

    init(context: ServiceContext) { self.context = context }

    /// The role of the caller does not permit the route.
    func ofRole(_ caller: Caller, on route: String) {
        write(Audit.record(.routeCall, .refused, by: caller.actor, on: route, at: context.now), of: caller)
    }

    /// The session of the caller has ended.
    func ofEndedSession(_ caller: Caller, on route: String) {
        write(Audit.recordUseOfEndedSession(by: caller, on: route, at: context.now), of: caller)
    }

    private func write(_ line: SQL, of caller: Caller) {
        EventLoop.start {
            do {
                try await context.store(for: caller.tenant).data.inBackground.query(line)
            } catch {
                log.warning("a refusal is not in the audit", [.error: String(reflecting: error)])
            }
        }
    }
}
