import EventLoop
import Idempotency
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Changes a queue itself: what is configured, and whether patients can join.
@EventLoop
struct ChangeQueue {
    /// How many tickets the end of a day ends in one transaction.
    private static let ticketsAtOnce = 200

    let changes: LineChanges

    /// Replaces the settings. Throws ``Precondition/Fault`` if they are not what the caller has read.
    func replace(
        _ id: Identifier<Queue>, by settings: QueueSettings, in tenant: TenantStore, by actor: LineActor,
        if precondition: Precondition
    ) async throws -> QueueView {
        try await change(id, in: tenant, by: actor, key: nil) { change in
            try precondition.check(change.stored.version)
            guard change.line.queue.settings != settings else { return }
            change.line.change(settings)
            change.statements.append(Queues.replace(settings, of: id))
        }
    }

    /// Lets patients join.
    func open(
        _ id: Identifier<Queue>, in tenant: TenantStore, by actor: LineActor, key: IdempotencyRecord? = nil
    ) async throws -> QueueView {
        try await change(id, in: tenant, by: actor, key: key) { $0.line.open() }
    }

    /// Stops patients from joining; those who wait stay.
    func close(
        _ id: Identifier<Queue>, in tenant: TenantStore, by actor: LineActor, key: IdempotencyRecord? = nil
    ) async throws -> QueueView {
        try await change(id, in: tenant, by: actor, key: key) { $0.line.close() }
    }

    /// Sends a message to everyone who waits, or withdraws it.
    func announce(
        _ message: Announcement?, in id: Identifier<Queue>, of tenant: TenantStore, by actor: LineActor,
        key: IdempotencyRecord?
    ) async throws -> QueueView {
        try await change(id, in: tenant, by: actor, key: key) { $0.line.announce(message) }
    }

    /// Closes the queue and ends every open ticket, some in each transaction: a queue that fails in between is closed, and
    /// the request can be sent again.
    func endDay(_ id: Identifier<Queue>, in tenant: TenantStore, by actor: LineActor) async throws -> QueueView {
        while true {
            let section = LineSection(scope: .queue(id), open: Self.ticketsAtOnce)
            let open = LineRows.openCount(of: section.scope)
            let (view, isOver) = try await end(section, open, in: tenant, by: actor)
            if isOver { return view }
        }
    }

    private func end(
        _ section: LineSection, _ open: Query<Int>, in tenant: TenantStore, by actor: LineActor
    ) async throws -> (QueueView, isOver: Bool) {
        let step = try await changes.change(section, asking: open, in: tenant, by: actor) { change, open in
            change.line.endDay()
            let ended = change.line.tickets.count
            return DayEnd(queue: change.view, isOver: ended >= open)
        }
        return (step.queue, step.isOver)
    }

    private func change(
        _ id: Identifier<Queue>, in tenant: TenantStore, by actor: LineActor, key: IdempotencyRecord?,
        _ body: @EventLoop @Sendable (inout LineChange) throws -> Void
    ) async throws -> QueueView {
        let section = LineSection(scope: .queue(id))
        return try await changes.change(section, asking: .known(()), in: tenant, by: actor, key: key) { change, _ in
            try body(&change)
            return change.view
        }
    }
}

/// One step of the end of a day.
private struct DayEnd: Codable {
    let queue: QueueView
    let isOver: Bool
}
