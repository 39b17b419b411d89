import EventLoop
import GuichetProtocol
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Reads tickets for staff, with the names that patients gave.
@EventLoop
struct ListTickets {
    let names: PersonNames
    let tokens: PatientTokens

    /// The open tickets of a queue in the order of the line. Throws ``NotFound`` if there is no such queue.
    func callAsFunction(
        of queue: Identifier<Queue>, after last: LinePosition?, count: Int, in tenant: TenantStore
    ) async throws -> [TicketView] {
        let (stored, tickets) = try await tenant.data.ask(
            Queues.find(.queue(queue)), Tickets.open(of: queue, after: last, limit: count))
        guard let stored else { throw NotFound() }
        return try tickets.map { try view($0, stored.queue.settings.numbers, tenant.tenant.slug) }
    }

    /// Throws ``NotFound`` if there is no such ticket.
    func ticket(_ id: Identifier<Ticket>, in tenant: TenantStore) async throws -> TicketView {
        let (stored, listed, rank) = try await tenant.data.ask(
            Queues.find(.ticket(id)), Tickets.find(id), LineRows.rank(of: .id(id), in: .ticket(id)))
        guard let stored, let listed else { throw NotFound() }
        let view = try view(listed, stored.queue.settings.numbers, tenant.tenant.slug)
        return view.with(position: view.status == .waiting ? rank + 1 : nil, name: view.name)
    }

    /// The ticket with its token, for a patient who has lost it.
    func given(_ id: Identifier<Ticket>, in tenant: TenantStore) async throws -> GivenTicketView {
        let ticket = try await ticket(id, in: tenant)
        let token = tokens.token(of: id, in: ticket.queue, of: tenant.tenant.slug)
        return GivenTicketView(ticket: ticket, patientToken: token.description)
    }

    private func view(_ listed: Tickets.Listed, _ numbers: NumberFormat, _ tenant: TenantSlug) throws -> TicketView {
        let name = try listed.name.map { try names.decrypt($0, of: listed.ticket.id, in: tenant) }
        return TicketView(listed.ticket, numbers).with(position: listed.position, name: name)
    }
}
