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
                "Makes a secret address of the agenda, which replaces the one before. Sent again, it makes another.",
                access: .management, parameters: Self.id, success: .created, problems: [.notFound, .unavailable],
                handler: share),
            Route(
                .delete, "/api/practitioners/{id}/feed", "Ends the secret address.", access: .management,
                parameters: Self.id, problems: [.notFound, .unavailable], handler: revoke),
            Route(
                .get, "/api/calendar/practitioners/{id}", "Reads a practitioner's agenda.", access: .staff,
                produces: "text/calendar; charset=utf-8", parameters: Self.id, problems: [.notFound, .unavailable],
                handler: read),
            Route(
                .get, "/api/calendar/{tenant}/{token}", "Reads the agenda that the secret opens.", access: .anyone,
                produces: "text/calendar; charset=utf-8", parameters: ["tenant": TenantSlug.self],
                problems: [.notFound, .unavailable], handler: open),
        ]
    }

    private func share(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<FeedAddress> {
        let tenant = try await service.context.store(of: call)
        let secret = try await service.shareAgenda(call.path("id"), in: tenant)
        return Reply(FeedAddress(path: "/api/calendar/\(tenant.tenant.slug)/\(secret)"))
    }

    private func revoke(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<NoContent> {
        let tenant = try await service.context.store(of: call)
        try await service.shareAgenda.revoke(call.path("id"), in: tenant)
        return .empty
    }

    private func read(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<RawContent> {
        let tenant = try await service.context.store(of: call)
        return try await service.readAgenda(of: call.path("id"), in: tenant).reply
    }

    private func open(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<RawContent> {
        let tenant = try await service.context.store(for: call.path("tenant"))
        return try await service.readAgenda(secret: call.path("token"), in: tenant).reply
    }
}

/// The path of the agenda for calendar programs, below the address of the gateway. It is a secret.
struct FeedAddress: Codable, Sendable {
    let path: String
}

extension AgendaFeed {
    fileprivate var reply: Reply<RawContent> {
        let content = RawContent(text)
        return Reply(content, entityTag: EntityTag(digestOf: content.bytes))
    }
}
