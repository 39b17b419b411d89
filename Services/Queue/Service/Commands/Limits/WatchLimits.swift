import EventLoop
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Publishes an alert when a line exceeds a limit: once for each crossing. One process watches; several do no harm.
@EventLoop
struct WatchLimits {
    let context: ServiceContext
    let lines: LineChanges

    /// One run over all tenants. A failure for one tenant does not affect the others; the next run tries again.
    func run() async throws {
        guard context.platform.presence.isSurveyor else { return }
        let now = context.now
        try await context.platform.directory.onEachServer { round in
            let crossed = try await round.queryAll(round.tenants.map(\.data)) { LineLimitRows.crossed(in: $0, at: now) }
            try await round.each(of: round.tenants.filter { crossed[$0.data.schema] != nil }) { tenant in
                try await check(tenant.inBackground)
            }
        }
    }

    private func check(_ tenant: TenantStore) async throws {
        for queue in try await tenant.data.ask(LineLimitRows.queues) { try await check(queue, in: tenant) }
    }

    private func check(_ queue: Identifier<Queue>, in tenant: TenantStore) async throws {
        // Without a lock at first: most lines are as they were.
        let seen = try await tenant.data.ask(LineLimitRows.find(queue))
        guard let seen, seen.exceeded(at: context.now) != seen.noted else { return }
        _ = try await lines.change(
            LineSection(scope: .queue(queue)), asking: LineLimitRows.find(queue), in: tenant, by: .system
        ) { change, limits in
            guard let limits else { return false }
            let exceeded = limits.exceeded(at: change.line.now)
            if !exceeded.isSubset(of: limits.noted) { change.line.alert() }
            change.statements.append(LineLimitRows.note(exceeded, of: queue))
            return true
        }
    }
}
