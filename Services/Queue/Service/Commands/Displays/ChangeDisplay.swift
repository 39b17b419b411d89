import EventLoop
import GuichetProtocol
import Idempotency
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Changes and removes displays.
@EventLoop
struct ChangeDisplay {
    let context: ServiceContext

    /// Throws `NotFound`, ``UnknownQueues`` and `Precondition.Fault`.
    func replace(
        _ id: DisplayID, name: DisplayName, queues: [Identifier<Queue>], in tenant: TenantStore,
        if precondition: Precondition
    ) async throws -> DisplayView {
        let now = context.now
        let changed = try await tenant.data.transaction { transaction in
            let (present, known) = try await transaction.ask(Displays.lock(id), KnownQueues.among(queues))
            guard let present else { throw NotFound() }
            try precondition.check(present.version)
            try UnknownQueues.check(queues, are: known)
            let changed = try await transaction.ask(
                Displays.update(id, name: name, queues: queues, isAnnounced: present.tokenDigest != nil))
            transaction.later(
                [try Displays.record(DisplayChanged.self, of: changed, tenant: tenant.tenant.slug, at: now)]
                    .compactMap { $0 })
            return changed
        }
        context.eventsCommitted(in: tenant.data)
        return DisplayView(changed)
    }

    /// Removes a display; its token opens nothing any more. Throws `NotFound`.
    func remove(_ id: DisplayID, in tenant: TenantStore) async throws {
        let now = context.now
        // Before the display, so that its code cannot make it again.
        try await context.registry.query(DisplayPairings.remove(id, of: tenant.tenant.slug))
        try await tenant.data.transaction { transaction in
            guard let display = try await transaction.ask(Displays.lock(id)) else { throw NotFound() }
            let event = try Displays.record(
                DisplayRemoved.self, of: display, version: display.event + 1, tenant: tenant.tenant.slug, at: now)
            transaction.later([Displays.remove(id)] + [event].compactMap { $0 })
        }
        context.eventsCommitted(in: tenant.data)
    }
}
