import Authentication
import EventLoop
import HTTPServer
import Primitives
import RealtimeDomain
import Runtime
import ServiceHost
import Tenancy
import WebSocket

/// The plain WebSocket feed: messages are JSON objects with a `type`.
@EventLoop
struct SocketRoutes {
    let service: RealtimeService
    private let endpoint: WebSocketEndpoint

    init(service: RealtimeService) {
        self.service = service
        endpoint = WebSocketEndpoint(
            "ws", .feed(service.configuration.clients), origins: .any, metrics: service.context.platform.metrics)
    }

    var routes: [Route] {
        [
            Route(
                "openFeed", .get, "/ws", "Opens a WebSocket that carries live updates as JSON messages.",
                access: .anyone, success: .switchingProtocols,
                problems: [.forbidden, .tooManyRequests, .upgradeRequired], handler: open)
        ].tagged("Feeds", "Live updates.")
    }

    private func open(_ call: Call, _ query: FeedQuery, _: NoBody) throws -> Reply<NoContent> {
        let client = Client(at: call.clientAddress, permits: service.origins(of: call))
        // A token that is not valid is answered on the socket: browsers show no page the status of a refused upgrade.
        return Reply(NoContent()).upgrading(
            try endpoint.upgrade(call, of: nil) { [service] socket in
                FeedConnection(service, socket, client).start(token: query.token)
            })
    }
}

/// The query of a feed.
struct FeedQuery: Codable, Sendable {
    /// An access token. It may stand in logs: send it in the first message where that is possible.
    let token: String?
}

extension WebSocketLimits {
    /// A dead path is noticed within eight seconds; messages of clients are short.
    fileprivate static func feed(_ clients: Int) -> WebSocketLimits {
        var limits = WebSocketLimits.standard
        (limits.connections.total, limits.connections.perClient) = (clients, clients)
        limits.connections.perTenant = clients
        (limits.messageSize, limits.waitingMessages) = (4096, 16)
        (limits.queuedBytes, limits.queuedMessages) = (256 * 1024, 256)
        (limits.pingInterval, limits.pongTime, limits.endsWithToken) = (.seconds(5), .seconds(3), false)
        return limits
    }
}

extension RealtimeService {
    /// Whether the page that calls may listen to what concerns a tenant: a page of the suite itself, or of an origin that
    /// the tenant permits. Programs other than browsers send no origin.
    func origins(of call: Call) -> @EventLoop (TenantSlug) -> Bool {
        permission(of: call.header("origin"), host: call.header("host"))
    }

    /// The same for a page of this origin; nil for programs other than browsers.
    func permission(of origin: String?, host: String?) -> @EventLoop (TenantSlug) -> Bool {
        guard let origin else { return { _ in true } }
        return { [directory = context.platform.directory] tenant in
            origin.split(separator: "/").last.map(String.init) == host || directory.permits(origin, for: tenant)
        }
    }
}
