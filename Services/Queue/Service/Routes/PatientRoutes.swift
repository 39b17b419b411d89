import EventLoop
import HTTPServer
import JSONCoding
import Primitives
import QueueDomain
import ServiceHost

/// What patients do without an account: they join by the code of a queue and follow their ticket by its token.
@EventLoop
struct PatientRoutes {
    let service: QueueService

    private static let token = PathVariable<String>("token", "The patient token of the ticket.")

    var routes: [Route] {
        [
            Route(
                "joinQueue", .post, "/api/queue/join",
                "Joins a queue by its code. A repeated request with its key, or with the token of an open ticket, gets that ticket.",
                access: .anyone, idempotency: .accepted, success: .created,
                problems: [.joinTokenRefused, .queueConflict, .notFound], handler: join),
            Route(
                "readOwnTicket", .get, "/queue/\(Self.token)", "Reads the whole state of a ticket.", access: .anyone,
                handler: read),
            change("leaveQueue", "leave", "Leaves the line. This can be undone for 30 seconds.", .leave),
            change("delayOwnTicket", "late", "Lets the next patients go first.", .delay),
            change("returnOwnTicket", "return", "Waits again after a missed call.", .readmit),
            change("undoLeaving", "undo", "Undoes that the patient left.", .undo),
        ].tagged("Tickets of patients", "Joining a queue and following a ticket, without an account.")
    }

    private func change(
        _ name: String, _ verb: String, _ summary: String, _ wish: ChangeOwnTicket.Wish
    ) -> Route {
        Route(
            name, .post, "/queue/\(Self.token)/\(word: verb)", summary, access: .anyone, problems: [.queueConflict]
        ) { (call, _: NoQuery, _: NoBody) in
            try service.throttle.admit(call.clientAddress)
            return Reply(try await service.changeOwnTicket(wish, Self.token(of: call)))
                .with("cache-control", "no-store")
        }
    }

    private func join(_ call: Call, _: NoQuery, _ body: JoinInput) async throws -> Reply<JoinView> {
        try service.throttle.admit(call.clientAddress)
        guard let code = JoinToken(body.token) else { throw JoinQueue.CodeRefused() }
        var wish = JoinQueue.Wish(code: code)
        (wish.name, wish.careType, wish.former) = (body.name, body.careType, body.ticket.flatMap { PatientToken($0) })
        wish.request = call.idempotency.map { ($0.key, $0.fingerprint) }
        return Reply(try await service.joinQueue(wish)).with("cache-control", "no-store")
    }

    private func read(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<PatientTicketView> {
        try service.throttle.admit(call.clientAddress)
        return Reply(try await service.readPatientTicket(Self.token(of: call))).with("cache-control", "no-store")
    }

    /// Throws the 404 problem for a text that is no token.
    private static func token(of call: Call) throws(Problem) -> PatientToken {
        guard let token = PatientToken(try call.path(token)) else { throw .notFound }
        return token
    }
}
