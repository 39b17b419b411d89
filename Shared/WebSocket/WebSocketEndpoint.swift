import Authentication
package import EventLoop
package import HTTPServer
package import Primitives
package import Runtime

/// Opens WebSocket connections on a route, and counts them.
///
///     let endpoint = WebSocketEndpoint("feed", .standard, origins: .any, metrics: platform.metrics)
///     endpoint.route("openFeed", "/api/feed", "The live feed.", access: .authenticated) { (socket, call, _: NoQuery) in
///         while let message = await socket.receive() { … }
///     }
@EventLoop
package final class WebSocketEndpoint {
    /// The pages whose scripts may connect. Clients other than browsers send no `Origin` and are always permitted.
    package enum Origins: Sendable {
        /// Those of every site. Safe only where the token does not come from the browser by itself, as a cookie does.
        case any
        /// Those of these origins, `https://clinic.example`.
        case only(Set<String>)
    }

    /// Serves one connection. When it returns the connection is closed normally, when it throws with 1011. It is cancelled
    /// when the connection has ended.
    package typealias Handler<Query> = @EventLoop @Sendable (WebSocket, Call, Query) async throws -> Void

    private let limits: WebSocketLimits
    private let origins: Origins
    private let subprotocols: [String]
    private let log = Logger("websocket")
    private let metrics: WebSocketMetrics
    /// The sockets that are open.
    private let connections = Connections()

    /// - Parameters:
    ///   - name: the endpoint in metrics.
    ///   - subprotocols: in order of preference; the first that the client offers is chosen.
    package nonisolated init(
        _ name: String, _ limits: WebSocketLimits, origins: Origins, subprotocols: [String] = [],
        metrics: MetricsRegistry
    ) {
        (self.limits, self.origins, self.subprotocols) = (limits, origins, subprotocols)
        self.metrics = WebSocketMetrics(name, metrics) { [connections] in connections.count }
    }

    /// The connections that are open.
    package var connectionCount: Int { connections.count }

    /// A route that is nothing but this endpoint. Access is checked before the upgrade, like that of any route.
    package func route<Query: Decodable & Sendable>(
        _ name: String, _ template: PathTemplate, _ summary: String, access: Access, problems: [ProblemType] = [],
        handler: @escaping Handler<Query>
    ) -> Route {
        Route(
            name, .get, template, summary, access: access, success: .switchingProtocols,
            problems: problems + [.forbidden]
        ) { (call: Call, query: Query, _: NoBody) in
            Reply(NoContent()).upgrading(try self.upgrade(call) { try await handler($0, call, query) })
        }
    }

    /// The upgrade that a handler of a route answers, for paths that speak both HTTP and WebSocket.
    package func upgrade(
        _ call: Call, _ handler: @escaping @EventLoop @Sendable (WebSocket) async throws -> Void
    ) throws(Problem) -> Upgrade {
        try accept(call) { connection in self.serve(connection, call, handler) }
    }

    /// The same for an endpoint that is driven by callbacks, and so needs no task for each connection: `open` sets
    /// ``WebSocket/onMessage`` and ``WebSocket/onClose``.
    package func upgrade(
        _ call: Call, of tenant: TenantSlug?, callingBack open: @escaping @EventLoop @Sendable (WebSocket) -> Void
    ) throws(Problem) -> Upgrade {
        try accept(call) { connection in
            self.connections.count += 1
            connection.onEnd = { [connections = self.connections] in connections.count -= 1 }
            open(connection)
            connection.open()
        }
    }

    private func accept(
        _ call: Call, _ start: @escaping @EventLoop @Sendable (WebSocket) -> Void
    ) throws(Problem) -> Upgrade {
        let handshake = try Handshake(call, subprotocols: subprotocols)
        if case .only(let permitted) = origins, let origin = call.header("origin"), !permitted.contains(origin) {
            throw Problem(.forbidden, "Cette page n’est pas autorisée à ouvrir une connexion.")
        }
        guard connections.count < limits.connections else {
            throw Problem(.unavailable, "Trop de connexions sont ouvertes : réessayez.", retryAfter: .seconds(1))
        }
        var headers: HeaderFields = ["sec-websocket-accept": handshake.accept]
        if let subprotocol = handshake.subprotocol { headers.add("sec-websocket-protocol", subprotocol) }
        return Upgrade(to: "websocket", headers: headers) { socket in
            let connection = WebSocket(
                socket, self.limits, subprotocol: handshake.subprotocol, metrics: self.metrics)
            start(connection)
        }
    }

    private func serve(
        _ connection: WebSocket, _ call: Call,
        _ handler: @escaping @EventLoop @Sendable (WebSocket) async throws -> Void
    ) {
        connections.count += 1
        let expiry = limits.endsWithToken ? call.principal.map { endWithToken(connection, $0.expiresAt) } : nil
        let scope = LogScope(tenant: call.principal?.tenant, user: call.principal?.userID.uuid)
        let work = EventLoop.start {
            await TraceContext.$current.withValue(call.trace) {
                await LogScope.$current.withValue(scope) { await self.run(handler, connection) }
            }
        }
        connection.onEnd = { [connections] in
            connections.count -= 1
            expiry?.cancel()
            work.cancel()
        }
        connection.open()
    }

    private func run(
        _ handler: @EventLoop @Sendable (WebSocket) async throws -> Void, _ connection: WebSocket
    ) async {
        do {
            try await handler(connection)
            connection.close(.normal)
        } catch {
            if connection.isOpen { log.error("a handler failed", [.error: String(reflecting: error)]) }
            connection.close(.internalError)
        }
    }

    private func endWithToken(_ connection: WebSocket, _ end: Instant) -> LoopTimer {
        EventLoop.schedule(after: end - .now) { [weak connection] in
            connection?.close(.policyViolation, "the token expired")
        }
    }
}

/// How many sockets of an endpoint are open.
@EventLoop
private final class Connections {
    var count = 0
    nonisolated init() {}
}
