import EventLoop
import Postgres
import Primitives
import Runtime
import ServiceHost
import Tenancy

/// Creates the first administrators of new tenants as users, once the schemas of the tenants exist. Called after each
/// creation and by a job; repeating it has no effect.
@EventLoop
struct SeatFirstAdministrators {
    let context: ServiceContext
    private let log = Logger("administrators")

    init(context: ServiceContext) { self.context = context }

    func callAsFunction() async throws {
        for (tenant, user) in try await context.registry.ask(FirstAdministrators.all) {
            do {
                // Two processes may do this at the same time, and one may end between the two statements.
                try await context.store(for: tenant).data.query(user.insertOnce(at: context.now))
                try await context.registry.query(FirstAdministrators.remove(of: tenant))
            } catch is TenantDirectory.Fault {
                continue
            } catch {
                // A failure for one tenant must not delay the others.
                log.warning("an administrator waits", [.name: tenant, .error: String(reflecting: error)])
            }
        }
    }
}
