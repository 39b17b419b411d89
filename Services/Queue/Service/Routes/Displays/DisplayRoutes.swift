import EventLoop
import GuichetProtocol
import HTTPServer
import Primitives
import QueueDomain
import ServiceHost
import Tenancy

/// Screens in waiting rooms.
@EventLoop
struct DisplayRoutes {
    let service: QueueService

    private static let id = PathVariable<DisplayID>("id", "The display.")

    var routes: [Route] {
        [
            Route(
                "openDisplayPairing", .post, "/api/queue/displays/pairings",
                "Gives a screen a code that staff confirm within ten minutes, and a secret to ask for its token.",
                access: .anyone, success: .created, problems: [.tooManyRequests], handler: open),
            Route(
                "claimDisplayToken", .post, "/api/queue/displays/pairings/token",
                "Gives a screen its token once staff have confirmed it. Until then it says that the screen waits.",
                access: .anyone, problems: [.notFound, .tooManyRequests], handler: claim),
            Route(
                "confirmDisplay", .post, "/api/queue/displays",
                "Makes the screen that shows the code a display. Sent again, it answers the same display.",
                access: .staff, sends: [.entityTag, .location], success: .created,
                problems: [.notFound, .displayLimit, .tooManyRequests], handler: confirm),
            Route(
                "listDisplays", .get, "/api/queue/displays", "Lists the displays by name.", access: .staff,
                handler: list),
            Route(
                "readDisplay", .get, "/api/queue/displays/\(Self.id)", "Reads a display.", access: .staff,
                sends: [.entityTag], handler: read),
            Route(
                "replaceDisplay", .put, "/api/queue/displays/\(Self.id)", "Sets the name and the queues of a display.",
                access: .staff, ifMatch: .required, sends: [.entityTag],
                current: { try await read($0, NoQuery(), NoBody()) }, handler: replace),
            Route(
                "removeDisplay", .delete, "/api/queue/displays/\(Self.id)",
                "Removes a display: its token opens nothing any more.", access: .staff, handler: remove),
        ].tagged("Displays", "Screens that show the lines of some queues.")
    }

    private func open(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<PairingView> {
        try service.codeThrottle.admit(call.clientAddress)
        return Reply(try await service.displays.openPairing()).with("cache-control", "no-store")
    }

    private func claim(_ call: Call, _: NoQuery, _ body: PairingQuestion) async throws -> Reply<PairingStateView> {
        try service.throttle.admit(call.clientAddress)
        guard let secret = PairingSecret(body.secret.text) else { throw Problem.notFound }
        return Reply(try await service.displays.claimToken(secret)).with("cache-control", "no-store")
    }

    private func confirm(_ call: Call, _: NoQuery, _ body: DisplayConfirmation) async throws -> Reply<DisplayView> {
        try service.codeThrottle.admit(call.clientAddress)
        let tenant = try await service.context.store(of: call)
        let view = try await service.displays.confirm(
            body.code, name: body.name, queues: body.queues.queues, in: tenant)
        return Reply(view, entityTag: EntityTag(version: view.version), location: "/api/queue/displays/\(view.id)")
    }

    private func list(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<Page<DisplayView>> {
        let tenant = try await service.context.store(of: call)
        return Reply(Page(items: try await service.displays.read.all(in: tenant), next: nil))
    }

    private func read(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<DisplayView> {
        let tenant = try await service.context.store(of: call)
        let view = try await service.displays.read.one(call.path(Self.id), in: tenant)
        return Reply(view, entityTag: EntityTag(version: view.version))
    }

    private func replace(_ call: Call, _: NoQuery, _ body: DisplayInput) async throws -> Reply<DisplayView> {
        let tenant = try await service.context.store(of: call)
        let view = try await service.displays.change.replace(
            call.path(Self.id), name: body.name, queues: body.queues.queues, in: tenant, if: call.precondition())
        return Reply(view, entityTag: EntityTag(version: view.version))
    }

    private func remove(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<NoContent> {
        let tenant = try await service.context.store(of: call)
        try await service.displays.change.remove(call.path(Self.id), in: tenant)
        return .empty
    }
}
