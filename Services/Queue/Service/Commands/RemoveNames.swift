import EventLoop
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Removes the names that patients gave, a day after they joined. Every replica does it; a name is removed once.
@EventLoop
struct RemoveNames {
    private static let lifetime: Duration = .seconds(24 * 3600)

    let context: ServiceContext

    /// One run. A failure for one tenant does not affect the others; the next run tries again.
    func callAsFunction() async throws {
        try await context.platform.directory.onEachServer { round in
            try await round.eachTenant { tenant in
                let names = Tickets.removeNames(before: context.now - Self.lifetime)
                while try await tenant.inBackground.data.ask(names) > 0 {}
            }
        }
    }
}
