import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Gives a patient who comes for an appointment a ticket, whose place follows from the time of the appointment.
@EventLoop
struct CheckInAppointment {
    let context: ServiceContext
    let lines: LineChanges
    let tokens: PatientTokens

    /// An appointment whose ticket is open gets that ticket, whichever queue it is in. Throws `NotFound` if there is no such
    /// queue, and what the domain refuses.
    func callAsFunction(
        _ appointment: Identifier<BookedAppointment>, to queue: Identifier<Queue>, in tenant: TenantStore,
        by actor: LineActor
    ) async throws -> GivenTicketView {
        if let present = try await present(appointment, in: tenant) { return present }
        do {
            return try await join(appointment, queue, in: tenant, by: actor)
        } catch let error as PostgresError where error.isSecondCheckIn {
            guard let present = try await present(appointment, in: tenant) else { throw error }
            return present
        }
    }

    private func present(
        _ appointment: Identifier<BookedAppointment>, in tenant: TenantStore
    ) async throws -> GivenTicketView? {
        try await tenant.data.ask(BookedAppointments.ticket(of: appointment)).map { ticket, numbers in
            let token = tokens.token(of: ticket.id, in: ticket.queue, of: tenant.tenant.slug)
            return GivenTicketView(ticket: TicketView(ticket, numbers), patientToken: token.description)
        }
    }

    private func join(
        _ appointment: Identifier<BookedAppointment>, _ queue: Identifier<Queue>, in tenant: TenantStore,
        by actor: LineActor
    ) async throws -> GivenTicketView {
        let id = Identifier<Ticket>.new(at: context.now)
        let token = tokens.token(of: id, in: queue, of: tenant.tenant.slug)
        let (zone, section) = (try await lines.zone(of: tenant), LineSection(scope: .queue(queue)))
        let facts = BookedAppointments.facts(appointment, in: queue)
        return try await lines.change(section, asking: facts, in: tenant, by: actor) { change, facts in
            guard let booked = facts.booked else { throw CheckInRefusal.unknown }
            let now = change.line.now
            try booked.checkArrival(at: now, in: zone)
            let newcomer = Newcomer(
                id: id, tokenDigest: token.digest, source: .appointment, careType: booked.careType,
                appointment: (appointment, booked.due))
            let ticket = try change.line.join(newcomer, open: facts.open, today: zone.local(now).day)
            return GivenTicketView(
                ticket: TicketView(ticket, change.line.queue.settings.numbers), patientToken: token.description)
        }
    }
}

extension PostgresError {
    /// True if the appointment has an open ticket by now.
    fileprivate var isSecondCheckIn: Bool { code == .conflict(constraint: "tickets_have_an_appointment_alone") }
}
