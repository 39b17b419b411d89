import Authentication
import EventLoop
import GuichetProtocol
import HTTPServer
import HTTPTesting
import Primitives
import Runtime
import WebSocket

/// An HTTP server with endpoints that echo, hold still or send without end.
@EventLoop
final class EchoServer {
    let server: HTTPServer
    let metrics: MetricsRegistry
    let endpoint: WebSocketEndpoint
    /// The sockets that were opened, in order.
    private(set) var sockets: [WebSocket] = []
    /// What became of the handlers: `returned` or `cancelled`.
    private(set) var endings: [String] = []

    var port: UInt16 { server.port }

    private init(
        _ limits: WebSocketLimits, _ origins: WebSocketEndpoint.Origins, tokenLife: Duration, http: HTTPLimits
    ) throws {
        let metrics = MetricsRegistry()
        endpoint = WebSocketEndpoint(
            "echo", limits, origins: origins, subprotocols: ["first", "second"], metrics: metrics)
        self.metrics = metrics
        let routes = Routes()
        server = try HTTPServer(
            on: .init(host: "127.0.0.1", port: 0), routes: routes.all(endpoint), limits: http, metrics: metrics,
            authenticate: { token in
                guard token == "staff" else { throw TokenError.malformed }
                return Principal(
                    userID: .new(), tenant: .platform, role: .staff, sessionID: .new(), expiresAt: .now + tokenLife)
            }, problem: { _ in nil }, fingerprint: { digest, _ in digest })
        routes.server = self
    }

    /// Runs `body` with a server of its own.
    nonisolated static func with(
        origins: WebSocketEndpoint.Origins = .any, tokenLife: Duration = .seconds(600), http: HTTPLimits = .standard,
        _ change: (inout WebSocketLimits) -> Void = { _ in }, _ body: (EchoServer) async throws -> Void
    ) async throws {
        var limits = WebSocketLimits.standard
        limits.closeTime = .milliseconds(500)
        change(&limits)
        let test = try await EchoServer(limits, origins, tokenLife: tokenLife, http: http)
        try await body(test)
        await test.server.drain(within: .seconds(1))
    }

    /// Waits until `condition` holds, 10 s at most.
    func wait(_ condition: @EventLoop (EchoServer) -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while !condition(self) {
            guard ContinuousClock.now < deadline else { throw NeverHappened() }
            try await EventLoop.sleep(for: .milliseconds(5))
        }
    }

    /// Echoes by callbacks.
    private func serve(_ socket: WebSocket) {
        sockets.append(socket)
        socket.onClose = { [weak self] code in self?.endings.append("closed \(code)") }
        socket.onMessage = { [weak socket] message in
            if case .text(let text) = message, text.hasPrefix("close "), let code = UInt16(text.dropFirst(6)) {
                socket?.close(CloseCode(application: code))
            }
            socket?.send(message)
        }
    }

    struct NeverHappened: Error {}

    /// The handlers; they refer to a server that is made after them.
    @EventLoop
    private final class Routes {
        weak var server: EchoServer?

        func all(_ endpoint: WebSocketEndpoint) -> [Route] {
            [
                endpoint.route("openEcho", "/echo", "Echoes.", access: .allow(.staff)) { (socket, _, _: NoQuery) in
                    self.server?.sockets.append(socket)
                    while let message = await socket.receive() {
                        if case .text(let text) = message, text.hasPrefix("close "),
                            let code = UInt16(text.dropFirst(6))
                        {
                            socket.close(CloseCode(application: code), "asked for")
                        }
                        socket.send(message)
                    }
                    self.server?.endings.append("returned")
                },
                endpoint.route("openStill", "/still", "Receives nothing.", access: .anyone) { (socket, _, _: NoQuery) in
                    self.server?.sockets.append(socket)
                    do { try await EventLoop.sleep(for: .seconds(60)) } catch {
                        self.server?.endings.append("cancelled")
                    }
                },
                endpoint.route("openFailing", "/failing", "Fails.", access: .anyone) { (_, _, _: NoQuery) in
                    throw NeverHappened()
                },
                Route(
                    "openCallback", .get, "/callback", "Echoes by callbacks.", access: .anyone,
                    success: .switchingProtocols
                ) { (call, _: NoQuery, _: NoBody) in
                    Reply(NoContent()).upgrading(
                        try endpoint.upgrade(call, of: nil) { socket in self.server?.serve(socket) })
                },
                Route("sayHello", .get, "/hello", "Says hello.", access: .anyone) { (_, _: NoQuery, _: NoBody) in
                    Reply(["hello": "world"])
                },
            ]
        }
    }
}
