import EventLoop
import GuichetProtocol
import HTTPServer
import Primitives
import QRCode
import QueueDomain
import ServiceHost
import Tenancy

/// The QR codes by which people join.
@EventLoop
struct JoinCodeRoutes {
    let service: QueueService

    private static let id = PathVariable<Identifier<Queue>>("id", "The queue.")

    var routes: [Route] {
        [
            Route(
                "readJoinToken", .get, "/api/queues/\(Self.id)/join-token",
                "Reads the token by which people join the queue at present.", access: .staff, handler: read),
            Route(
                "revokeJoinTokens", .post, "/api/queues/\(Self.id)/join-token",
                "Makes every QR code of the queue void and answers the next token. Sent again, it does so again.",
                access: .management, success: .created, handler: revoke),
            Route(
                "drawJoinCode", .get, "/api/queues/\(Self.id)/qr.svg",
                "Draws the QR code by which people join the queue at present, as SVG.", access: .staff,
                produces: "image/svg+xml", sends: [.entityTag], handler: svg),
            Route(
                "drawJoinCodeInPixels", .get, "/api/queues/\(Self.id)/qr.png",
                "Draws the QR code by which people join the queue at present, as PNG.", access: .staff,
                produces: "image/png", sends: [.entityTag], handler: png),
        ].tagged("Join codes", "The QR codes by which people join a queue.")
    }

    private func read(_ call: Call, _: NoQuery, _: NoBody) async throws -> Reply<JoinTokenView> {
        let tenant = try await service.context.store(of: call)
        return try reply(await service.readJoinToken(of: call.path(Self.id), in: tenant), call)
    }

    private func revoke(_ call: Call, _: NoQuery, _ body: JoinTokenInput) async throws -> Reply<JoinTokenView> {
        let tenant = try await service.context.store(of: call)
        let token = try await service.revokeJoinTokens(
            call.path(Self.id), rotation: body.rotationMinutes?.rotation, in: tenant)
        return try reply(token, call)
    }

    private func svg(_ call: Call, _ query: QRQuery, _: NoBody) async throws -> Reply<RawContent> {
        image(Array(try await draw(call, query).svg.utf8))
    }

    private func png(_ call: Call, _ query: QRQuery, _: NoBody) async throws -> Reply<RawContent> {
        guard let bytes = try await draw(call, query).png() else { throw UndrawableCode() }
        return image(bytes)
    }

    private func draw(_ call: Call, _ query: QRQuery) async throws -> QRImage {
        let tenant = try await service.context.store(of: call)
        let token = try await service.readJoinToken(of: call.path(Self.id), in: tenant)
        return try query.image(of: address(of: token, call))
    }

    private func image(_ bytes: [UInt8]) -> Reply<RawContent> {
        Reply(RawContent(bytes), entityTag: EntityTag(digestOf: bytes)).with("cache-control", "private, no-cache")
    }

    private func reply(_ token: CurrentJoinToken, _ call: Call) throws -> Reply<JoinTokenView> {
        Reply(JoinTokenView(token, url: try address(of: token, call))).with("cache-control", "no-store")
    }

    private func address(of current: CurrentJoinToken, _ call: Call) throws -> String {
        try service.context.publicAddress(of: call).url("/queue/join/\(current.token)")
    }
}
