import EventLoop
import GuichetProtocol
import Idempotency
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Sends tickets to another queue, and undoes what staff did. Two lines are locked in the order of their ids.
@EventLoop
struct TransferTicket {
    let context: ServiceContext
    let changes: LineChanges
    let tokens: PatientTokens

    /// Returns the ticket in the other queue. Throws ``NotFound`` if there is no such ticket, and what the domain
    /// refuses.
    func callAsFunction(
        _ id: Identifier<Ticket>, to target: Identifier<Queue>, in tenant: TenantStore, by actor: LineActor,
        key: IdempotencyRecord?
    ) async throws -> GivenTicketView {
        let sections = [
            LineSection(scope: .ticket(id), subjects: [.id(id)]), LineSection(scope: .queue(target)),
        ]
        let successor = Identifier<Ticket>.new(at: context.now)
        let token = tokens.token(of: successor, in: target, of: tenant.tenant.slug)
        let today = try await changes.today(of: tenant)
        return try await changes.change(sections, asking: .known(()), in: tenant, by: actor, key: key) { lines, _ in
            guard let from = lines.firstIndex(where: { $0.line.tickets[id] != nil }) else { throw NotFound() }
            guard lines.count == 2 else {
                throw lines[from].line.queue.id == target ? QueueError.sameQueue : QueueError.queueUnknown
            }
            let transferred = try lines[from].line.transfer(lines[from].line.ticket(id), to: successor)
            let taken = lines[1 - from].line.take(
                transferred, as: successor, tokenDigest: token.digest, today: today)
            return GivenTicketView(
                ticket: TicketView(taken, lines[1 - from].line.queue.settings.numbers),
                patientToken: token.description)
        }
    }

    /// Undoes the last change of a ticket: a call, a no-show, the end of a visit, a removal or a transfer.
    func undo(
        _ id: Identifier<Ticket>, in tenant: TenantStore, by actor: LineActor, key: IdempotencyRecord?
    ) async throws -> TicketView {
        let successor = try await tenant.data.ask(Tickets.find(id))?.ticket.state.successor
        var sections = [LineSection(scope: .ticket(id), subjects: [.id(id)])]
        if let successor { sections.append(LineSection(scope: .ticket(successor), subjects: [.id(successor)])) }
        return try await changes.change(sections, asking: .known(()), in: tenant, by: actor, key: key) { lines, _ in
            guard let own = lines.firstIndex(where: { $0.line.tickets[id] != nil }) else { throw NotFound() }
            let ticket = try lines[own].line.ticket(id)
            if ticket.state.status == .transferred, let successor = ticket.state.successor {
                guard let other = lines.firstIndex(where: { $0.line.tickets[successor] != nil }) else {
                    throw QueueError.undoTooLate
                }
                let restored = try lines[own].line.undo(ticket, by: .staff)
                try lines[other].line.withdraw(lines[other].line.ticket(successor))
                return TicketView(restored, lines[own].line.queue.settings.numbers)
            }
            return TicketView(
                try lines[own].line.undo(ticket, by: .staff), lines[own].line.queue.settings.numbers)
        }
    }
}
