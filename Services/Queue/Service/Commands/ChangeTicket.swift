import EventLoop
import Idempotency
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy
import WaitingLine

/// What staff do with a ticket within its queue.
enum TicketWish: Sendable {
    /// Repeats the call.
    case recall
    /// Begins the visit.
    case serve
    /// Ends the visit.
    case finish
    /// Records that the patient did not come.
    case miss
    /// Lets the ticket wait again.
    case readmit
    /// Puts the ticket aside.
    case hold
    /// Lets a ticket that was put aside wait again.
    case resume
    /// Removes the ticket from the line.
    case leave
    /// Changes the priority.
    case prioritise(TicketPriority)
}

/// Changes a ticket for staff.
@EventLoop
struct ChangeTicket {
    let changes: LineChanges

    /// Throws ``NotFound`` if there is no such ticket, and what the domain refuses.
    func callAsFunction(
        _ id: Identifier<Ticket>, _ wish: TicketWish, in tenant: TenantStore, by actor: LineActor,
        key: IdempotencyRecord?
    ) async throws -> TicketView {
        let section = LineSection(scope: .ticket(id), subjects: [.id(id)])
        return try await changes.change(section, asking: .known(()), in: tenant, by: actor, key: key) { change, _ in
            let ticket = try apply(wish, to: change.line.ticket(id), in: &change.line)
            return TicketView(ticket, change.line.queue.settings.numbers)
        }
    }

    private func apply(_ wish: TicketWish, to ticket: Ticket, in line: inout QueueLine) throws -> Ticket {
        switch wish {
        case .recall: try line.recall(ticket)
        case .serve: try line.serve(ticket)
        case .finish: try line.finish(ticket)
        case .miss: try line.miss(ticket)
        case .readmit: try line.readmit(ticket, by: .staff)
        case .hold: try line.hold(ticket)
        case .resume: try line.resume(ticket)
        case .leave: try line.leave(ticket, by: .staff)
        case .prioritise(let priority): try line.prioritise(ticket, priority)
        }
    }
}
