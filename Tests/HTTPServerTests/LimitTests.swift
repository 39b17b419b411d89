import EventLoop
import HTTPServer
import HTTPTesting
import Testing

@Suite("Limits on what a client may take")
struct LimitTests {
    private static var impatient: HTTPLimits {
        var limits = HTTPLimits.standard
        limits.headTime = .milliseconds(200)
        limits.idleTime = .milliseconds(200)
        limits.bodyTime = .milliseconds(200)
        return limits
    }

    @Test("a client that sends its head byte by byte is cut")
    func slowHead() async throws {
        try await TestServer.run(limits: Self.impatient) { client, _ in
            let begin = ContinuousClock.now
            for byte in "GET /hello HTTP/1.1\r\nHost: test\r\nX-Slow: 1234567890" where client.send(String(byte)) {
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(await client.isClosedByServer())
            #expect(ContinuousClock.now - begin < HTTPLimits.standard.headTime)
        }
    }

    @Test("a client that sends its body byte by byte is cut")
    func slowBody() async throws {
        try await TestServer.run(limits: Self.impatient) { client, _ in
            client.send(
                "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n")
            for _ in 0..<100 where client.send(" ") { try await Task.sleep(for: .milliseconds(20)) }
            #expect(await client.isClosedByServer())
        }
    }

    @Test("a connection that is idle is ended")
    func idle() async throws {
        try await TestServer.run(limits: Self.impatient) { client, _ in
            #expect(await client.request("GET", "/hello")?.status == 200)
            #expect(await client.isClosedByServer())
        }
    }

    @Test("a handler that takes too long is given up, and the client gets 503")
    func slowHandler() async throws {
        var limits = HTTPLimits.standard
        limits.answerTime = .milliseconds(200)
        try await TestServer.run(limits: limits) { client, _ in
            let response = try #require(await client.request("GET", "/held/x"))
            #expect(response.status == 503)
            #expect(response.headers["retry-after"] == "1")
            #expect(response.body.contains("problems/timeout"))
            #expect(await client.request("GET", "/hello")?.status == 200)
        }
    }

    @Test("a body over the route's limit is refused by its announced length")
    func announcedBody() async throws {
        try await TestServer.run { client, _ in
            let response = await client.request(
                "POST", "/api/things", headers: TestServer.token("staff", key: "k"),
                body: String(repeating: " ", count: 1001))
            #expect(response?.status == 413)
            #expect(await client.request("GET", "/hello")?.status == 200)
        }
    }

    @Test("a huge body is refused without being read")
    func hugeBody() async throws {
        try await TestServer.run { client, _ in
            client.send(
                "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: 9000000000\r\n\r\n"
            )
            #expect(await client.response()?.status == 413)
            #expect(await client.isClosedByServer())
        }
    }

    @Test("a body in chunks is counted while it arrives")
    func growingBody() async throws {
        try await TestServer.run { client, _ in
            client.send(
                "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            let chunk = "4000\r\n" + String(repeating: " ", count: 0x4000) + "\r\n"
            for _ in 0..<5 { client.send(chunk) }
            client.send("0\r\n\r\n")
            #expect(await client.response()?.status == 413)
            #expect(await client.isClosedByServer())
        }
    }

    @Test("a body in chunks without end is cut")
    func endlessBody() async throws {
        try await TestServer.run { client, _ in
            client.send(
                "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            let chunk = "4000\r\n" + String(repeating: " ", count: 0x4000) + "\r\n"
            for _ in 0..<1000 where client.send(chunk) {}
            #expect(await client.isClosedByServer())
        }
    }

    @Test("too many or too large header fields are refused")
    func headers() async throws {
        try await TestServer.run { client, server in
            let port = await server.port
            let many = (0..<70).map { "X-\($0): 1\r\n" }.joined()
            client.send("GET /hello HTTP/1.1\r\nHost: t\r\n\(many)\r\n")
            #expect(await client.response()?.status == 431)
            #expect(await client.isClosedByServer())
            let large = RawClient(port: port)
            large.send("GET /hello HTTP/1.1\r\nHost: t\r\nX: \(String(repeating: "a", count: 17_000))\r\n\r\n")
            #expect(await large.response()?.status == 431)
            let larger = RawClient(port: port)
            larger.send("GET /hello HTTP/1.1\r\nHost: t\r\nX: \(String(repeating: "a", count: 100_000))\r\n\r\n")
            #expect(await larger.response()?.status == 431)
        }
    }

    @Test("connections over the limit wait until one is free")
    func connections() async throws {
        var limits = HTTPLimits.standard
        limits.connections = 2
        try await TestServer.run(limits: limits) { client, server in
            let port = await server.port
            var second: RawClient? = RawClient(port: port)
            #expect(await client.request("GET", "/hello")?.status == 200)
            #expect(await second?.request("GET", "/hello")?.status == 200)
            let third = RawClient(port: port)
            third.send("GET /hello HTTP/1.1\r\nHost: t\r\n\r\n")
            #expect(await client.request("GET", "/hello")?.status == 200)
            second = nil
            #expect(await third.response()?.status == 200)
        }
    }
}
