import EventLoop
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Gives a patient whose browser has forgotten the ticket its token again: by the code at the door, the number of the ticket,
/// and the short code that the ticket shows.
@EventLoop
struct FindTicket {
    let context: ServiceContext

    let codes: JoinTokens
    let tokens: PatientTokens

    /// Throws `NotFound` if no open ticket has this number, or the code is not its own; `JoinQueue.CodeRefused`, and
    /// ``TicketCodeLocked`` after too many attempts.
    func callAsFunction(_ number: String, _ code: ShortCode, by door: JoinToken) async throws -> String {
        let tenant = try await context.store(for: door.tenant)
        guard let stored = try await tenant.data.ask(Queues.find(.queue(door.queue))),
            codes.accept(door, generation: stored.joinGeneration, at: context.now)
        else { throw JoinQueue.CodeRefused() }
        guard let number = stored.queue.settings.numbers.number(typed: number),
            let ticket = try await tenant.data.ask(TicketCodes.find(number, in: door.queue))
        else { throw NotFound() }
        let attempts = try await tenant.data.ask(TicketCodes.countAttempt(of: ticket))
        guard attempts <= TicketCodes.attemptLimit else { throw TicketCodeLocked() }
        guard tokens.code(of: ticket, in: door.tenant) == code else { throw NotFound() }
        try await tenant.data.query(TicketCodes.forgetAttempts(of: ticket))
        return tokens.token(of: ticket, in: door.queue, of: door.tenant).description
    }
}

/// So many wrong codes were sent for a ticket that only staff give its token again.
struct TicketCodeLocked: Error {}
