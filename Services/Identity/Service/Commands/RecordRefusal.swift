import Authentication
import EventLoop
import Primitives
import Runtime
import Tenancy

/// Writes down that a route did not let somebody in because of his role. He has his answer already.
@EventLoop
struct RecordRefusal {
    let context: Dependencies
    private let log = Logger("audit")

    init(context: Dependencies) { self.context = context }

    func callAsFunction(_ caller: Caller, _ route: String) {
        let line = Audit.record(.routeCall, .refused, by: caller.actor, on: route, at: context.now())
        EventLoop.start {
            do {
                try await context.directory.store(for: caller.tenant).data.query(line)
            } catch {
                log.warning("a refusal is not in the audit", [.error: String(reflecting: error)])
            }
        }
    }
}
