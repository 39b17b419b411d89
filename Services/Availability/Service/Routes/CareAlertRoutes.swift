import Authentication
import AvailabilityDomain
import EventLoop
import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Waiting for an early slot: everybody for himself.
@EventLoop
struct CareAlertRoutes {
    let service: AvailabilityService

    var routes: [Route] {
        [
            Route(
                .post, "/api/availability/alerts",
                "Waits for a slot of a type of care to become free: guichet.availability.care-alert.raised.v1 tells of it.",
                access: .staffAndPatients, idempotency: .required, success: .created,
                problems: [
                    .alertLimit, .idempotencyKeyInUse, .idempotencyKeyReused, .notFound, .unavailable,
                ], handler: create),
            Route(
                .get, "/api/availability/alerts", "What the caller waits for, the oldest first.",
                access: .staffAndPatients,
                problems: [.notFound, .unavailable], handler: list),
            Route(
                .delete, "/api/availability/alerts/{id}", "Waits no longer.", access: .staffAndPatients,
                parameters: ["id": Identifier<CareAlert>.self], problems: [.notFound, .unavailable], handler: remove),
        ]
    }

    private func create(_ call: Call, _: NoQuery, _ body: CareAlertInput) async throws -> Reply<CareAlertView> {
        let view = try await alerts(of: call)(
            body.careType, practitioner: body.practitioner, in: body.window(at: service.now()),
            key: call.key("care alert"))
        return Reply(view, location: "/api/availability/alerts/\(view.id)")
    }

    private func list(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<Page<CareAlertView>> {
        Reply(Page(items: try await alerts(of: call).list(), next: nil))
    }

    private func remove(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<NoContent> {
        try await alerts(of: call).remove(call.path("id"))
        return .empty
    }

    private func alerts(of call: Call) async throws -> SetCareAlert {
        let caller = try call.authenticated()
        let store = try await service.platform.directory.store(for: caller.tenant)
        return SetCareAlert(desk: service.desk(of: store), subscriber: Identifier(caller.userID.uuid))
    }
}

/// What somebody waits for.
struct CareAlertInput: Codable, Sendable {
    let careType: CareType
    /// Nil when anybody will do.
    let practitioner: Identifier<Resource>?
    /// Where the slot must start.
    let from: Instant
    /// At most 180 days from now.
    let to: Instant

    fileprivate func window(at now: Instant) throws(InvalidInput) -> TimeRange {
        guard let window = CareAlert.window(from, to, at: now) else {
            let days = Int(CareAlert.longestWindow / .seconds(86_400))
            throw InvalidInput(faults: [
                .init(pointer: "/to", detail: "fin attendue dans l’avenir, après le début, sous \(days) jours au plus")
            ])
        }
        return window
    }
}

extension ProblemType {
    static let alertLimit = ProblemType("alert-limit", 409, "Trop d’alertes")
}
