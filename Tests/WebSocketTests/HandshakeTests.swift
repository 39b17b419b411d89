import HTTPServer
import HTTPTesting
import Testing
import WebSocket

@Suite("The opening handshake")
struct HandshakeTests {
    private static func request(
        _ server: EchoServer, _ path: String = "/still", method: String = "GET", with changes: [String: String?] = [:]
    ) async -> RawClient.Response? {
        var headers = FrameClient.upgrade
        for (name, value) in changes { headers[name] = value }
        return await RawClient(port: await server.port).request(method, path, headers: headers)
    }

    @Test("is answered 101 with the digest of the key, as the standard's example has it")
    func accepted() async throws {
        try await EchoServer.with { server in
            let response = try #require(await Self.request(server))
            #expect(response.status == 101)
            #expect(response.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            #expect(response.headers["upgrade"] == "websocket")
            #expect(response.headers["connection"]?.lowercased() == "upgrade")
            #expect(response.headers["sec-websocket-protocol"] == nil)
        }
    }

    @Test(
        "a request for anything but WebSocket 13 is answered with what the route speaks",
        arguments: [("Upgrade", nil), ("Upgrade", "h2c"), ("Connection", "close"), ("Sec-WebSocket-Version", "8")])
    func otherProtocol(_ name: String, _ value: String?) async throws {
        try await EchoServer.with { server in
            let response = try #require(await Self.request(server, with: [name: value]))
            #expect(response.status == 426)
            #expect(response.headers["upgrade"] == "websocket")
            #expect(response.headers["sec-websocket-version"] == "13")
            #expect(response.body.contains("problems/upgrade-required"))
        }
    }

    @Test("a key that is missing or not 16 bytes is refused", arguments: [nil, "", "AAAA", "not base64!", "*"])
    func key(_ value: String?) async throws {
        try await EchoServer.with { server in
            #expect(await Self.request(server, with: ["Sec-WebSocket-Key": value])?.status == 400)
        }
    }

    @Test("access is checked before the upgrade")
    func access() async throws {
        try await EchoServer.with { server in
            #expect(await Self.request(server, "/echo")?.status == 401)
            #expect(await Self.request(server, "/echo", with: ["Authorization": "Bearer staff"])?.status == 101)
            #expect(await Self.request(server, method: "POST")?.status == 405)
        }
    }

    @Test("a page of another origin is refused, a client without one is not")
    func origin() async throws {
        try await EchoServer.with(origins: .only(["https://clinic.example"])) { server in
            #expect(await Self.request(server)?.status == 101)
            #expect(await Self.request(server, with: ["Origin": "https://clinic.example"])?.status == 101)
            for origin in ["https://other.example", "http://clinic.example", "null", "https://clinic.example.evil"] {
                #expect(await Self.request(server, with: ["Origin": origin])?.status == 403)
            }
        }
    }

    @Test("the first subprotocol of the server that the client offers is chosen")
    func subprotocol() async throws {
        try await EchoServer.with { server in
            let offer = ["Sec-WebSocket-Protocol": "other, second ,first"]
            #expect(await Self.request(server, with: offer)?.headers["sec-websocket-protocol"] == "first")
            let response = try #require(await Self.request(server, with: ["Sec-WebSocket-Protocol": "other"]))
            #expect(response.status == 101 && response.headers["sec-websocket-protocol"] == nil)
        }
    }

    @Test("connections of an endpoint are bounded, and room is made when one ends")
    func bound() async throws {
        try await EchoServer.with({ $0.connections.total = 2 }) { server in
            let first = try #require(await FrameClient(port: await server.port))
            let second = try #require(await FrameClient(port: await server.port))
            #expect(await Self.request(server)?.status == 503)
            first.send(0x88)
            #expect(await first.next()?.first == 0x88)
            try await server.wait { $0.endpoint.connectionCount == 1 }
            #expect(await FrameClient(port: await server.port) != nil)
            second.send(0x88)
        }
    }

    @Test("HTTP goes on beside the sockets, and a socket without traffic outlives the deadlines of HTTP")
    func beside() async throws {
        var http = HTTPLimits.standard
        http.idleTime = .milliseconds(400)
        try await EchoServer.with(http: http) { server in
            let client = try #require(await FrameClient(port: await server.port))
            for _ in 0..<4 {
                let raw = RawClient(port: await server.port)
                #expect(await raw.request("GET", "/hello")?.status == 200)
                #expect(await raw.isClosedByServer())
            }
            client.send(0x81, "still here")
            #expect(await client.next() == .text("still here"))
        }
    }
}
