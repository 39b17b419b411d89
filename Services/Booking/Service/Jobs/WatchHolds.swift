import EventLoop
import GuichetProtocol
import Primitives
import Runtime
import ServiceHost
import Tenancy

/// Has lapsed holds recorded soon after they lapse: it knows when the next hold of each tenant lapses, and reads these
/// deadlines again from time to time, since other processes take holds too.
@EventLoop
final class WatchHolds {
    private let context: ServiceContext
    private let expireHolds: ExpireHolds
    private let log = Logger("holds")
    private var deadlines: [TenantSlug: Instant] = [:]

    init(_ context: ServiceContext, _ expireHolds: ExpireHolds) {
        (self.context, self.expireHolds) = (context, expireHolds)
    }

    /// Reads the deadlines of all tenants.
    func readDeadlines() async throws {
        try await context.platform.directory.onEachServer { [self] round in
            let rows = try await round.queryAll(round.tenants.map(\.data), Holds.nextDeadlines)
            for store in round.tenants {
                deadlines[store.tenant.slug] = try rows[store.data.schema].map(Holds.deadline)
            }
        }
    }

    /// Records the holds whose deadline has passed. A failure for one tenant does not affect the others; the next run
    /// tries again.
    func expire() async {
        let now = context.now
        for (slug, deadline) in deadlines where deadline <= now {
            do {
                let tenant = try await context.store(for: slug).inBackground
                try await expireHolds(in: tenant, at: now)
                deadlines[slug] = try await tenant.data.ask(Holds.nextDeadline)
            } catch is TenantDirectory.Fault {
                deadlines[slug] = nil  // Closed or removed; the deadlines of the others are read again.
            } catch {
                log.warning("lapsed holds are not recorded yet", [.name: slug, .error: String(reflecting: error)])
            }
        }
    }
}
