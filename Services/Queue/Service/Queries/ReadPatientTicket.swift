import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Reads a ticket for its patient.
@EventLoop
struct ReadPatientTicket {
    let context: ServiceContext
    let tokens: PatientTokens

    /// Throws ``NotFound`` for a token of no ticket.
    func callAsFunction(_ token: PatientToken) async throws -> PatientTicketView {
        let tenant = try await context.store(for: token.tenant)
        let (now, subject) = (context.now, TicketReference.token(token.digest))
        let section = LineSection(scope: .queue(token.queue), subjects: [subject])
        let (stored, counters, tickets, visits, rank, successor) = try await tenant.data.ask(
            Queues.find(section.scope), Queues.counters(of: [section.scope]), LineRows.tickets(of: [section]),
            LineRows.visits(of: [section.scope], at: now), LineRows.rank(of: subject, in: section.scope),
            Tickets.successor(ofToken: token.digest))
        guard let stored, let ticket = tickets.first(where: { $0.tokenDigest == token.digest }) else {
            throw NotFound()
        }
        let line = QueueLine(
            QueueLine.Present(
                queue: stored.queue, counters: counters.map { $0.counter }, tickets: tickets, calls: [],
                visits: visits.map { $0.visit }, version: stored.lineVersion), at: now)
        let other = successor.map { tokens.token(of: $0.id, in: $0.queue, of: token.tenant).description }
        return PatientTicketView(
            ticket, in: line, rank: rank, code: tokens.code(of: ticket.id, in: token.tenant), transferredTo: other)
    }
}
