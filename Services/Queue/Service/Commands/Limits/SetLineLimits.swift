import EventLoop
import Idempotency
import Postgres
import Primitives
import QueueDomain
import Tenancy

/// Sets when a clinic is alerted of a long line.
@EventLoop
struct SetLineLimits {
    /// Returns nil if the queue has no limits, or there is none.
    func read(of queue: Identifier<Queue>, in tenant: TenantStore) async throws -> LineLimitsView? {
        try await tenant.data.ask(LineLimitRows.find(queue)).map(LineLimitsView.init)
    }

    /// Throws `NotFound` if there is no such queue, and `Precondition.Fault`.
    func callAsFunction(
        _ limits: LineLimits, of queue: Identifier<Queue>, in tenant: TenantStore, if precondition: Precondition
    ) async throws -> LineLimitsView {
        try await tenant.data.transaction { transaction in
            let (exists, _, present) = try await transaction.ask(
                KnownQueues.among([queue]), LineLimitRows.lock(queue), LineLimitRows.find(queue))
            guard !exists.isEmpty else { throw NotFound() }
            try precondition.check(present?.version)
            let (_, stored) = try await transaction.ask(
                .run(LineLimitRows.set(limits, of: queue)), LineLimitRows.find(queue))
            guard let stored else { throw NotFound() }
            return LineLimitsView(stored)
        }
    }
}

extension LineLimitsView {
    fileprivate init(_ stored: StoredLimits) {
        self.init(
            waiting: stored.limits.waiting, waitMinutes: stored.limits.waitMinutes,
            exceeded: ExceededLimit.allCases.filter { stored.noted.contains($0.limit) }, version: stored.version)
    }
}
