import Authentication
import EventLoop
import GuichetProtocol
import HTTPServer
import HTTPTesting
import Primitives
import Runtime

/// A server with streams of events.
@EventLoop
final class StreamServer {
    struct RoomQuery: Codable, Sendable {
        let room: String
    }

    let server: HTTPServer
    let metrics = MetricsRegistry()
    let endpoint: EventStreamEndpoint
    /// The streams that were opened, in order.
    private(set) var streams: [EventStream] = []
    /// Why streams have ended.
    private(set) var endings: [EventStream.End] = []

    var port: UInt16 { server.port }

    private init(_ limits: EventStreamLimits, tokenLife: Duration, http: HTTPLimits) throws {
        endpoint = EventStreamEndpoint("updates", limits, metrics: metrics)
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
        tokenLife: Duration = .seconds(600), http: HTTPLimits = .standard,
        _ change: (inout EventStreamLimits) -> Void = { _ in }, _ body: (StreamServer) async throws -> Void
    ) async throws {
        var limits = EventStreamLimits.standard
        limits.closeTime = .milliseconds(500)
        change(&limits)
        let test = try await StreamServer(limits, tokenLife: tokenLife, http: http)
        try await body(test)
        await test.server.drain(within: .seconds(1))
    }

    /// A client whose stream is open; nil when the server refuses.
    nonisolated func open(
        _ path: String = "/updates?room=one", headers: [String: String] = [:], receiveBuffer: Int32? = nil
    ) async -> RawClient? {
        let client = RawClient(port: await port, receiveBuffer: receiveBuffer)
        guard await client.request("GET", path, headers: headers)?.status == 200 else { return nil }
        return await client.text(through: "\n\n") == "retry: 2000\n\n" ? client : nil
    }

    /// Sends an event to every stream.
    func broadcast(_ event: EncodedEvent) { for stream in streams { stream.send(event) } }

    /// Waits until `condition` holds, 10 s at most.
    func wait(_ condition: @EventLoop (StreamServer) -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while !condition(self) {
            guard ContinuousClock.now < deadline else { throw NeverHappened() }
            try await EventLoop.sleep(for: .milliseconds(5))
        }
    }

    struct NeverHappened: Error {}

    private func serve(_ stream: EventStream) {
        streams.append(stream)
        stream.onEnd = { [weak self] reason in self?.endings.append(reason) }
    }

    /// The handlers; they refer to a server that is made after them.
    @EventLoop
    private final class Routes {
        weak var server: StreamServer?

        func all(_ endpoint: EventStreamEndpoint) -> [Route] {
            [
                endpoint.route("streamUpdates", "/updates", "Updates.", access: .anyone) { (_, query: RoomQuery) in
                    guard query.room == "one" else { throw Problem(.forbidden, "Cette salle n’est pas la vôtre.") }
                    return { stream in self.server?.serve(stream) }
                },
                endpoint.route("streamForStaff", "/staff", "For staff.", access: .allow(.staff)) { (_, _: NoQuery) in
                    { stream in self.server?.serve(stream) }
                },
                Route("sayHello", .get, "/hello", "Says hello.", access: .anyone) { (_, _: NoQuery, _: NoBody) in
                    Reply(["hello": "world"])
                },
            ]
        }
    }
}
