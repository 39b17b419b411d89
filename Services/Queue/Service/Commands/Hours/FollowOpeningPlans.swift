import EventLoop
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Opens and closes queues by their plans, and ends their days. One process does it; a queue that another one has changed
/// is left alone.
@EventLoop
struct FollowOpeningPlans {
    let context: ServiceContext
    let lines: LineChanges
    let changeQueue: ChangeQueue

    /// One run over all tenants. A failure for one tenant does not affect the others; the next run tries again.
    func run() async throws {
        guard context.platform.presence.isSurveyor else { return }
        let now = context.now
        try await context.platform.directory.onEachServer { round in
            let due = try await round.queryAll(round.tenants.map(\.data)) { OpeningPlans.due(in: $0, by: now) }
            try await round.each(of: round.tenants.filter { due[$0.data.schema] != nil }) { tenant in
                try await follow(in: tenant.inBackground, at: now)
            }
        }
    }

    private func follow(in tenant: TenantStore, at now: Instant) async throws {
        let zone = try await lines.zone(of: tenant)
        for queue in try await tenant.data.ask(OpeningPlans.due(by: now)) {
            try await follow(queue, zone, in: tenant)
        }
    }

    private func follow(_ queue: Identifier<Queue>, _ zone: ZoneOffsets, in tenant: TenantStore) async throws {
        // Repeated if it is interrupted: the plan still says that the day is over.
        let isOver = try await tenant.data.ask(OpeningPlans.find(queue))?.endsDay(by: context.now) ?? false
        if isOver { _ = try await changeQueue.endDay(queue, in: tenant, by: .system) }
        let section = LineSection(scope: .queue(queue))
        _ = try await lines.change(section, asking: OpeningPlans.find(queue), in: tenant, by: .system) {
            change, stored in
            let now = change.line.now
            guard let stored, isOver || !stored.endsDay(by: now) else { return false }
            guard stored.endsDay(by: now) || stored.isChanging(by: now) else { return false }
            if stored.isChanging(by: now) {
                if stored.plan.isOpen(at: now, in: zone) { change.line.open() } else { change.line.close() }
            }
            change.statements.append(
                OpeningPlans.advance(
                    queue, change: stored.plan.nextChange(after: now, in: zone),
                    dayEnd: stored.plan.nextDayEnd(after: now, in: zone)))
            return true
        }
    }
}

extension StoredPlan {
    /// Whether the day is over by `now`.
    fileprivate func endsDay(by now: Instant) -> Bool { nextDayEnd.map { $0 <= now } ?? false }

    /// Whether the queue is to be opened or closed by `now`.
    fileprivate func isChanging(by now: Instant) -> Bool { nextChange.map { $0 <= now } ?? false }
}
