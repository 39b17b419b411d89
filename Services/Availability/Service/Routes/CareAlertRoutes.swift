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

/// Alerts of early slots; each caller has their own.
@EventLoop
struct CareAlertRoutes {
    let service: AvailabilityService

    private static let id = PathVariable<Identifier<CareAlert>>("id", "The alert.")

    var routes: [Route] {
        [
            Route(
                "createCareAlert", .post, "/api/availability/alerts",
                "Subscribes to slots that become free; guichet.availability.care-alert.raised.v1 reports them.",
                access: .staffAndPatients, idempotency: .required, sends: [.location], success: .created,
                problems: [.alertLimit, .notFound], handler: create),
            Route(
                "listCareAlerts", .get, "/api/availability/alerts", "The caller's alerts, the oldest first.",
                access: .staffAndPatients, problems: [.notFound], handler: list),
            Route(
                "deleteCareAlert", .delete, "/api/availability/alerts/\(Self.id)", "Deletes an alert.",
                access: .staffAndPatients,
                handler: remove),
        ].tagged("Alerts", "Alerts of early slots.")
    }

    private func create(_ call: Call, _: NoQuery, _ body: CareAlertInput) async throws -> Reply<CareAlertView> {
        let view = try await service.createCareAlert(
            body.wish(at: service.context.now), for: subscriber(of: call), of: store(of: call),
            key: call.key())
        return Reply(view, location: "/api/availability/alerts/\(view.id)")
    }

    private func list(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<Page<CareAlertView>> {
        let alerts = try await service.listCareAlerts(of: subscriber(of: call), in: store(of: call))
        return Reply(Page(items: alerts, next: nil))
    }

    private func remove(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<NoContent> {
        try await service.deleteCareAlert(call.path(Self.id), of: subscriber(of: call), in: store(of: call))
        return .empty
    }

    private func subscriber(of call: Call) throws -> Identifier<Subscriber> { Identifier(try call.caller().user.uuid) }

    private func store(of call: Call) async throws -> TenantStore {
        try await service.context.store(for: call.caller().tenant)
    }
}

/// A request for an alert.
struct CareAlertInput: Codable, Sendable {
    /// The type of care.
    let careType: CareType
    /// The practitioner; absent if any will do.
    let practitioner: Identifier<Resource>?
    /// The earliest start of a slot.
    let from: Instant
    /// Slots start before this instant; at most 180 days from now.
    let to: Instant

    fileprivate func wish(at now: Instant) throws(InvalidInput) -> CreateCareAlert.Wish {
        guard let window = CareAlert.window(from, to, at: now) else {
            let days = Int(CareAlert.longestWindow / .seconds(86_400))
            throw InvalidInput(faults: [
                .init(pointer: "/to", detail: "fin attendue dans l’avenir, après le début, sous \(days) jours au plus")
            ])
        }
        return CreateCareAlert.Wish(careType: careType, practitioner: practitioner, window: window)
    }
}

extension ProblemType {
    /// The caller has as many alerts as one may have.
    static let alertLimit = ProblemType("alert-limit", 409, "Trop d’alertes")
}
