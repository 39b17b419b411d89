import EventLoop
import Idempotency
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Adds, replaces and removes counters of a queue, and takes them in and out of service.
@EventLoop
struct ChangeCounter {
    let context: ServiceContext
    let changes: LineChanges

    /// Throws ``QueueError/counterLabelTaken``.
    func add(
        _ label: CounterLabel, to queue: Identifier<Queue>, in tenant: TenantStore, by actor: LineActor,
        key: IdempotencyRecord?
    ) async throws -> QueueView {
        let counter = Counter(id: .new(at: context.now), label: label, isInService: true)
        return try await change(queue, in: tenant, by: actor, key: key) { change in
            guard change.line.counters.count < Queue.maximumCounters else {
                throw QueueError.tooManyCounters(limit: Queue.maximumCounters)
            }
            try change.line.set(counter)
            change.statements.append(Queues.upsert(counter, of: queue))
        }
    }

    /// Throws ``NotFound`` if the queue has no such counter.
    func replace(
        _ counter: Counter, of queue: Identifier<Queue>, in tenant: TenantStore, by actor: LineActor
    ) async throws -> QueueView {
        try await change(queue, in: tenant, by: actor) { change in
            guard let present = change.line.counters.first(where: { $0.id == counter.id }) else { throw NotFound() }
            guard present != counter else { return }
            try change.line.set(counter)
            change.statements.append(Queues.upsert(counter, of: queue))
        }
    }

    /// Throws ``QueueError/counterOccupied`` while the counter has a ticket.
    func remove(
        _ counter: Identifier<Counter>, of queue: Identifier<Queue>, in tenant: TenantStore, by actor: LineActor
    ) async throws -> QueueView {
        try await change(queue, in: tenant, by: actor) { change in
            guard change.line.counters.contains(where: { $0.id == counter }) else { throw NotFound() }
            try change.line.remove(counter)
            change.statements.append(Queues.remove(counter))
        }
    }

    private func change(
        _ queue: Identifier<Queue>, in tenant: TenantStore, by actor: LineActor, key: IdempotencyRecord? = nil,
        _ body: @EventLoop @Sendable (inout LineChange) throws -> Void
    ) async throws -> QueueView {
        let section = LineSection(scope: .queue(queue))
        return try await changes.change(section, asking: .known(()), in: tenant, by: actor, key: key) { change, _ in
            try body(&change)
            return change.view
        }
    }
}
