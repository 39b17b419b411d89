import EventLoop
import Idempotency
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Sets when a queue opens and closes by itself. The queue follows the plan within seconds; what staff decide by hand holds
/// until the plan changes next.
@EventLoop
struct SetOpeningPlan {
    let context: ServiceContext

    /// Throws `NotFound` if there is no such queue, and `Precondition.Fault`.
    func callAsFunction(
        _ plan: OpeningPlan, of queue: Identifier<Queue>, in tenant: TenantStore, if precondition: Precondition
    ) async throws -> OpeningPlanView {
        let now = context.now
        let version = try await tenant.data.transaction { transaction in
            let (exists, present) = try await transaction.ask(KnownQueues.among([queue]), OpeningPlans.lock(queue))
            guard !exists.isEmpty else { throw NotFound() }
            try precondition.check(present?.version)
            let version = try await transaction.ask(OpeningPlans.set(plan, of: queue, at: now))
            transaction.later(OpeningPlans.setHours(plan, of: queue))
            return version
        }
        return OpeningPlanView(plan, nextChange: now, version: version)
    }

    /// Leaves opening and closing to staff. Throws `NotFound` if there is no plan, and `Precondition.Fault`.
    func remove(of queue: Identifier<Queue>, in tenant: TenantStore, if precondition: Precondition) async throws {
        try await tenant.data.transaction { transaction in
            guard let present = try await transaction.ask(OpeningPlans.lock(queue)) else { throw NotFound() }
            try precondition.check(present.version)
            transaction.later([OpeningPlans.remove(queue)])
        }
    }
}
