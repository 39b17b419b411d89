import EventLoop
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Lists the tickets at the counters of a queue, and which of them last longer than the clinic expects.
@EventLoop
struct ListRunningVisits {
    let context: ServiceContext

    /// Throws `NotFound`.
    func callAsFunction(of queue: Identifier<Queue>, in tenant: TenantStore) async throws -> [RunningVisitView] {
        let now = context.now
        let (exists, visits) = try await tenant.data.ask(KnownQueues.among([queue]), RunningVisits.find(of: queue))
        guard !exists.isEmpty else { throw NotFound() }
        return visits.map { visit in
            RunningVisitView(
                ticket: visit.ticket, number: visit.number, counter: visit.counter, since: visit.since,
                isServing: visit.isServing, expectedMinutes: visit.expectedMinutes,
                isOverdue: visit.expectedMinutes.map { now - visit.since > .seconds(60 * $0) } ?? false)
        }
    }
}
