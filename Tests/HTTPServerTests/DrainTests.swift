import EventLoop
import HTTPServer
import HTTPTesting
import Testing

@Suite("Draining a server")
struct DrainTests {
    @Test("what is at work is answered, idle connections end, new ones are refused")
    func drain() async throws {
        let server = try await TestServer()
        let port = await server.port
        let (busy, idle) = (RawClient(port: port), RawClient(port: port))
        #expect(await idle.request("GET", "/hello")?.status == 200)
        busy.send("GET /held/x HTTP/1.1\r\nHost: t\r\n\r\n")
        await server.waitForHeld(1)
        let drained = Task { @EventLoop in await server.server.drain(within: .seconds(10)) }
        #expect(await idle.isClosedByServer())
        #expect(!RawClient.canConnect(port: port))
        await server.openGate()
        let response = try #require(await busy.response())
        #expect(response.status == 200)
        #expect(response.headers["connection"]?.lowercased() == "close")
        #expect(await busy.isClosedByServer())
        await drained.value
    }

    @Test("what is unanswered at the deadline is refused")
    func deadline() async throws {
        let server = try await TestServer()
        let client = RawClient(port: await server.port)
        client.send("GET /held/x HTTP/1.1\r\nHost: t\r\n\r\n")
        await server.waitForHeld(1)
        await server.server.drain(within: .milliseconds(50))
        #expect(await client.response()?.status == 503)
        #expect(await client.isClosedByServer())
        // The handler ends long after its server: its answer is dropped.
        await server.openGate()
    }

    @Test("a server without work drains at once, and twice")
    func idle() async throws {
        let server = try await TestServer()
        let begin = ContinuousClock.now
        await server.server.drain(within: .seconds(10))
        await server.server.drain(within: .seconds(10))
        #expect(ContinuousClock.now - begin < .seconds(10))
    }
}
