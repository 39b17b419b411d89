import EventLoop
import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import Scheduling
import ServiceHost
import Tenancy

/// Agendas for calendar programs (RFC 5545).
@EventLoop
struct FeedRoutes {
    let service: BookingService

    private static let id = PathVariable<Identifier<Resource>>("id", "The practitioner.")
    private static let agenda = PathVariable<CalendarFile<Identifier<Resource>>>(
        "id", "The practitioner; `.ics` may follow.")
    private static let tenant = PathVariable<TenantSlug>("tenant", "The slug of the tenant.")
    private static let token = PathVariable<CalendarFile<String>>(
        "token", "The secret of the address; `.ics` may follow.")

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
                "readAgenda", .get, "/api/calendar/practitioners/\(Self.agenda)", "Reads a practitioner's agenda.",
                access: .staff.or(.appointmentsRead),
                produces: "text/calendar; charset=utf-8", sends: [.entityTag], handler: read),
            Route(
                "readAgendaFeed", .get, "/api/calendar/\(Self.tenant)/\(Self.token)",
                "Reads the agenda that the secret opens.",
                access: .anyone, produces: "text/calendar; charset=utf-8", sends: [.entityTag], handler: open),
        ].tagged("Agendas", "Agendas of practitioners for calendar programs.")
    }

    private func share(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<FeedAddress> {
        let tenant = try await service.context.store(of: call)
        let address = try service.context.publicAddress(of: call)
        let secret = try await service.shareAgenda(call.path(Self.id), in: tenant)
        return Reply(FeedAddress(url: address.url("/api/calendar/\(tenant.tenant.slug)/\(secret).ics")))
    }

    private func revoke(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<NoContent> {
        let tenant = try await service.context.store(of: call)
        try await service.shareAgenda.revoke(call.path(Self.id), in: tenant)
        return .empty
    }

    private func read(_ call: Call, _: AnyQuery, _: NoBody) async throws -> Reply<RawContent> {
        let tenant = try await service.context.store(of: call)
        return try await service.readAgenda(of: call.path(Self.agenda).value, in: tenant).reply
    }

    private func open(_ call: Call, _: AnyQuery, _: NoBody) async throws -> Reply<RawContent> {
        let tenant = try await service.context.store(for: call.path(Self.tenant))
        return try await service.readAgenda(secret: call.path(Self.token).value, in: tenant).reply
    }
}

/// The address of an agenda for calendar programs.
struct FeedAddress: Codable, Sendable {
    /// The whole address. It is a secret.
    let url: String
}

/// The last part of the path of a calendar, which may end in `.ics`: some programs take nothing else for a calendar.
private struct CalendarFile<Value: PathParameter>: PathParameter {
    let value: Value

    init?(pathText text: String) {
        guard let value = Value(pathText: text.hasSuffix(".ics") ? String(text.dropLast(4)) : text) else { return nil }
        self.value = value
    }

    static var schema: JSONSchema { Value.schema }
}

extension AgendaFeed {
    /// The calendar, which the client that reads it may keep for a minute, and no cache that others share.
    fileprivate var reply: Reply<RawContent> {
        let content = RawContent(text)
        return Reply(content, entityTag: EntityTag(digestOf: content.bytes))
            .with("cache-control", "private, max-age=60")
    }
}
