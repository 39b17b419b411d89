import EventLoop
import Primitives
import QueueDomain
import Tenancy

/// Reads queues as they are configured.
@EventLoop
struct ReadQueues {
    /// Some queues by id.
    func list(after last: Identifier<Queue>?, count: Int, in tenant: TenantStore) async throws -> [QueueView] {
        let queues = try await tenant.data.ask(Queues.list(after: last, limit: count))
        guard !queues.isEmpty else { return [] }
        let counters = try await tenant.data.ask(Queues.counters(of: queues.map { .queue($0.queue.id) }))
        return queues.map { stored in
            QueueView(
                stored.queue, counters.filter { $0.queue == stored.queue.id }.map { $0.counter },
                version: stored.version)
        }
    }

    /// Throws ``NotFound`` if there is none.
    func callAsFunction(_ id: Identifier<Queue>, in tenant: TenantStore) async throws -> QueueView {
        let (stored, counters) = try await tenant.data.ask(
            Queues.find(.queue(id)), Queues.counters(of: [.queue(id)]))
        guard let stored else { throw NotFound() }
        return QueueView(stored.queue, counters.map { $0.counter }, version: stored.version)
    }
}
