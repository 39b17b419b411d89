import EventLoop
import HTTPServer
import Testing

@Suite("Serving requests")
struct ServingTests {
    @Test("a handler's value comes back as JSON")
    func hello() async throws {
        let server = try await TestServer()
        let client = RawClient(port: await server.server.port)
        let response = try #require(client.request("GET", "/hello"))
        #expect(response.status == 200)
        #expect(response.headers["content-type"] == "application/json")
        #expect(response.body == #"{"hello":"world"}"#)
        await server.server.drain(within: .seconds(1))
    }

    @Test("a handler that waits is answered when it is done")
    func suspended() async throws {
        let server = try await TestServer()
        let client = RawClient(port: await server.server.port)
        for _ in 0..<3 {
            #expect(client.request("POST", "/echo", body: #"{"a":1}"#)?.body == #"{"a":1}"#)
        }
        await server.server.drain(within: .seconds(1))
    }
}
