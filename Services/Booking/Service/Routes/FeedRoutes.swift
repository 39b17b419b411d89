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

    private static let id = PathVariable<Identifier<Resource>>("id", "The practitioner.")
    private static let tenant = PathVariable<TenantSlug>("tenant", "The slug of the tenant.")
    private static let token = PathVariable<String>("token", "The secret of the address.")

    var routes: [Route] {
        [
            Route(
                "createAgendaFeed", .post, "/api/practitioners/\(Self.id)/feed",
                "Makes a secret address of the agenda, which replaces the one before. Sent again, it makes another.",
                access: .management, success: .created, handler: share),
            Route(
                "revokeAgendaFeed", .delete, "/api/practitioners/\(Self.id)/feed", "Ends the secret address.",
                access: .management,
                handler: revoke),
            Route(
                "readAgenda", .get, "/api/calendar/practitioners/\(Self.id)", "Reads a practitioner's agenda.",
                access: .staff,
                produces: "text/calendar; charset=utf-8", sends: [.entityTag], handler: read),
            Route(
                "readAgendaFeed", .get, "/api/calendar/\(Self.tenant)/\(Self.token)",
                "Reads the agenda that the secret opens.",
                access: .anyone, produces: "text/calendar; charset=utf-8", sends: [.entityTag], handler: open),
        ].tagged("Agendas", "Agendas of practitioners for calendar programs.")
    }

    private func share(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<FeedAddress> {
        let tenant = try await service.context.store(of: call)
        let secret = try await service.shareAgenda(call.path(Self.id), in: tenant)
        return Reply(FeedAddress(path: "/api/calendar/\(tenant.tenant.slug)/\(secret)"))
    }

    private func revoke(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<NoContent> {
        let tenant = try await service.context.store(of: call)
        try await service.shareAgenda.revoke(call.path(Self.id), in: tenant)
        return .empty
    }

    private func read(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<RawContent> {
        let tenant = try await service.context.store(of: call)
        return try await service.readAgenda(of: call.path(Self.id), in: tenant).reply
    }

    private func open(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<RawContent> {
        let tenant = try await service.context.store(for: call.path(Self.tenant))
        return try await service.readAgenda(secret: call.path(Self.token), in: tenant).reply
    }
}

/// The address of an agenda for calendar programs.
struct FeedAddress: Codable, Sendable {
    /// The path, below the address of the gateway. It is a secret.
    let path: String
}

extension AgendaFeed {
    fileprivate var reply: Reply<RawContent> {
        let content = RawContent(text)
        return Reply(content, entityTag: EntityTag(digestOf: content.bytes))
    }
}
