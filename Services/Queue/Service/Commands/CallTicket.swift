import EventLoop
import Idempotency
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Calls tickets to counters.
@EventLoop
struct CallTicket {
    /// Where a ticket is called to, and how the one there ends.
    struct Wish: Sendable {
        /// The counter; nil for the only one in service.
        let counter: Identifier<Counter>?
        let ending: VisitEnding
    }

    let changes: LineChanges

    /// Calls the next ticket of a queue, if one waits.
    func next(
        of queue: Identifier<Queue>, _ wish: Wish, in tenant: TenantStore, by actor: LineActor,
        key: IdempotencyRecord?
    ) async throws -> CallView {
        let section = LineSection(scope: .queue(queue))
        return try await changes.change(section, asking: .known(()), in: tenant, by: actor, key: key) { change, _ in
            let ticket = try change.line.callNext(at: wish.counter, ending: wish.ending)
            return CallView(ticket: ticket.map { TicketView($0, change.line.queue.settings.numbers) })
        }
    }

    /// Calls this ticket, wherever it stands.
    func callAsFunction(
        _ id: Identifier<Ticket>, _ wish: Wish, in tenant: TenantStore, by actor: LineActor, key: IdempotencyRecord?
    ) async throws -> TicketView {
        let section = LineSection(scope: .ticket(id), subjects: [.id(id)])
        return try await changes.change(section, asking: .known(()), in: tenant, by: actor, key: key) { change, _ in
            let ticket = try change.line.call(change.line.ticket(id), at: wish.counter, ending: wish.ending)
            return TicketView(ticket, change.line.queue.settings.numbers)
        }
    }
}
