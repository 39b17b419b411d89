import Authentication
import BookingDomain
import EventLoop
import GuichetProtocol
import HTTPServer
import ServiceHost

/// The strict request, for assistants.
@EventLoop
struct StrictRoutes {
    let service: BookingService

    var routes: [Route] {
        [
            Route(
                "submitStrictRequest", .post, "/api/appointments", "Carries out a strict request: one of six actions.",
                access: .staffAndPatients.or(.appointmentsWrite),
                idempotency: .accepted,
                problems: BookingProblems.ofChanges + [.preconditionFailed, .idempotencyKeyMissing], handler: answer)
        ].tagged("Strict requests", "One request form for assistants, which says what is missing.")
    }

    private func answer(_ call: Call, _: NoQuery, _ body: StrictInput) async throws -> Reply<StrictAnswer> {
        let tenant = try await service.context.store(of: call)
        guard case .run(let useCase) = body.decision, useCase != .findSlots else {
            return Reply(try await AnswerStrictRequest(service, in: tenant, by: call.caller(), key: nil)(body))
        }
        guard let key = try call.key() else {
            throw Problem(
                .idempotencyKeyMissing, "Envoyez un champ Idempotency-Key, différent pour chaque opération.")
        }
        let request = AnswerStrictRequest(service, in: tenant, by: try call.caller(), key: key)
        if let earlier = try await request.earlier(body) { return Reply(earlier) }
        return Reply(try await request(body))
    }
}
