import EventLoop
import GuichetProtocol
import HTTPServer
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Agendas for calendar programs (RFC 5545).
@EventLoop
struct FeedRoutes {
    let service: BookingService

    private static let id: [String: any PathParameter.Type] = ["id": Identifier<Resource>.self]

    var routes: [Route] {
        [
            Route(
                .post, "/api/practitioners/{id}/feed",
                "Makes a secret address of the agenda; the one before ends. Sent again, it makes another.",
                access: .management, parameters: Self.id, success: .created, problems: [.notFound, .unavailable],
                handler: share),
            Route(
                .delete, "/api/practitioners/{id}/feed", "Ends the secret address.", access: .management,
                parameters: Self.id, problems: [.notFound, .unavailable], handler: revoke),
            Route(
                .get, "/api/calendar/practitioners/{id}", "A practitioner's agenda.", access: .staff,
                produces: "text/calendar; charset=utf-8", parameters: Self.id, problems: [.notFound, .unavailable],
                handler: read),
            Route(
                .get, "/api/calendar/{tenant}/{token}", "The agenda that a secret opens.", access: .anyone,
                produces: "text/calendar; charset=utf-8", parameters: ["tenant": TenantSlug.self],
                problems: [.notFound, .unavailable], handler: open),
        ]
    }

    private func share(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<FeedAddress> {
        let desk = try await service.desk(of: call)
        let secret = try await ShareAgenda(desk)(call.path("id"))
        return Reply(FeedAddress(path: "/api/calendar/\(desk.store.tenant.slug)/\(secret)"))
    }

    private func revoke(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<NoContent> {
        try await ShareAgenda(try await service.desk(of: call)).revoke(call.path("id"))
        return .empty
    }

    private func read(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<RawContent> {
        try await ReadAgenda(try await service.desk(of: call)).feed(of: call.path("id")).reply
    }

    private func open(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<RawContent> {
        let tenant: TenantSlug = try call.path("tenant")
        return try await ReadAgenda(try await service.desk(of: tenant)).feed(secret: call.path("token")).reply
    }
}

/// Where a calendar program finds the agenda, below the address of the gateway. It is a secret.
struct FeedAddress: Codable, Sendable {
    let path: String
}

extension AgendaFeed {
    fileprivate var reply: Reply<RawContent> {
        let content = RawContent(text)
        return Reply(content, entityTag: EntityTag(digestOf: content.bytes))
    }
}
