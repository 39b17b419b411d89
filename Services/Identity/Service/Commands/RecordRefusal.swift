import Authentication
import EventLoop
import GuichetProtocol
import Primitives
import Runtime
import ServiceHost
import Tenancy

/// Writes an audit line for a caller whose role does not permit a route. The caller was already answered.
@EventLoop
struct RecordRefusal {
    let context: ServiceContext
    private let log = Logger("audit")

    init(context: ServiceContext) { self.context = context }

    func callAsFunction(_ caller: Caller, _ route: String) {
        let line = Audit.record(.routeCall, .refused, by: caller.actor, on: route, at: context.now)
        EventLoop.start {
            do {
                try await context.store(for: caller.tenant).data.query(line)
            } catch {
                log.warning("a refusal is not in the audit", [.error: String(reflecting: error)])
            }
        }
    }
}
