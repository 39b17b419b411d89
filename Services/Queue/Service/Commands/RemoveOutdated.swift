import EventLoop
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Removes what is of no use any more: screens that were not confirmed in time, and appointments of past days.
@EventLoop
struct RemoveOutdated {
    /// How long an appointment is kept after its end.
    private static let memory: Duration = .seconds(2 * 86_400)

    let context: ServiceContext

    /// One run. A failure for one tenant does not affect the others; the next run tries again.
    func callAsFunction() async throws {
        let now = context.now
        try await context.registry.inBackground.query(DisplayPairings.prune(at: now))
        try await context.platform.directory.onEachServer { round in
            try await round.eachTenant { tenant in
                try await tenant.data.inBackground.query(BookedAppointments.prune(before: now - Self.memory))
            }
        }
    }
}
