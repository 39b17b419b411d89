import BookingDomain
import EventLoop
import HTTPServer
import ServiceHost

/// The one door of the strict request, through which assistants come.
@EventLoop
struct StrictRoutes {
    let service: BookingService

    var routes: [Route] {
        [
            Route(
                .post, "/api/appointments", "Carries out a strict request: one of six actions.",
                access: .staffAndPatients,
                idempotency: .accepted,
                problems: BookingProblems.ofChanges + [.idempotencyKeyMissing], handler: answer)
        ]
    }

    private func answer(_ call: Call, _: NoQuery, _ body: StrictInput) async throws -> Reply<StrictAnswer> {
        let desk = try await service.desk(of: call)
        guard case .run(let useCase) = body.decision, useCase != .findSlots else {
            return Reply(try await AnswerStrictRequest(desk, for: call.caller(), key: nil)(body))
        }
        guard let key = try call.key("strict") else {
            throw Problem(
                .idempotencyKeyMissing, "Envoyez un champ Idempotency-Key, différent pour chaque opération.")
        }
        let request = AnswerStrictRequest(desk, for: try call.caller(), key: key)
        if let earlier = try await request.earlier(body) { return Reply(earlier) }
        return try await service.gated(desk) { Reply(try await request(body)) }
    }
}
