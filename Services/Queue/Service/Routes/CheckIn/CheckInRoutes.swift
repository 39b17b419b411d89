import EventLoop
import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Patients who come for an appointment, and patients who have lost their ticket.
@EventLoop
struct CheckInRoutes {
    let service: QueueService

    private static let id = PathVariable<Identifier<Queue>>("id", "The queue.")

    var routes: [Route] {
        [
            Route(
                "checkInAppointment", .post, "/api/queues/\(Self.id)/check-ins",
                "Gives a patient who comes for an appointment a ticket. Sent again, it answers the same ticket.",
                access: .staff, success: .created, problems: [.checkInRefused, .queueConflict], handler: checkIn),
            Route(
                "findTicket", .post, "/api/queue/tickets/found",
                "Gives a patient the token of their ticket again, by its number and its short code.", access: .anyone,
                problems: [.notFound, .joinTokenRefused, .ticketCodeLocked, .tooManyRequests], handler: find),
        ].tagged("Check-ins", "Patients who come for an appointment, or have lost their ticket.")
    }

    private func checkIn(_ call: Call, _: NoQuery, _ body: CheckInInput) async throws -> Reply<GivenTicketView> {
        let tenant = try await service.context.store(of: call)
        let view = try await service.checkInAppointment(
            body.appointment, to: call.path(Self.id), in: tenant, by: call.lineActor())
        return Reply(view).with("cache-control", "no-store")
    }

    private func find(_ call: Call, _: NoQuery, _ body: LostTicketInput) async throws -> Reply<FoundTicketView> {
        try service.codeThrottle.admit(call.clientAddress)
        guard let code = JoinToken(body.token.text) else { throw JoinQueue.CodeRefused() }
        let token = try await service.findTicket(body.ticketNumber.text, body.code, by: code)
        return Reply(FoundTicketView(patientToken: token)).with("cache-control", "no-store")
    }
}

/// The appointment that a patient comes for.
struct CheckInInput: Codable, Sendable {
    /// The appointment.
    let appointment: Identifier<BookedAppointment>
}

/// What a patient knows of their ticket.
struct LostTicketInput: Codable, Sendable {
    /// The token behind the QR code of the queue.
    let token: SecretText<255>
    /// The number of the ticket.
    let ticketNumber: OneLine<16>
    /// The short code that the ticket shows.
    let code: ShortCode
}
