import EventLoop
import Postgres
import Primitives
import QueueDomain
import Tenancy

/// Reads when a queue opens and closes by itself.
@EventLoop
struct ReadOpeningPlan {
    /// Returns nil if the queue has no plan, or there is none.
    func callAsFunction(of queue: Identifier<Queue>, in tenant: TenantStore) async throws -> OpeningPlanView? {
        try await tenant.data.ask(OpeningPlans.find(queue)).map {
            OpeningPlanView($0.plan, nextChange: $0.nextChange, version: $0.version)
        }
    }
}
