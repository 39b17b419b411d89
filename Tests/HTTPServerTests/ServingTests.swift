import EventLoop
import HTTPServer
import HTTPTesting
import Primitives
import Runtime
import Testing

@Suite("Serving requests")
struct ServingTests {
    @Test("a handler's value comes back as JSON")
    func hello() async throws {
        try await TestServer.run { client, _ in
            let response = try #require(await client.request("GET", "/hello"))
            #expect(response.status == 200)
            #expect(response.headers["content-type"] == "application/json")
            #expect(response.body == #"{"hello":"world"}"#)
        }
    }

    @Test("a handler that waits is answered when it is done, and the connection lives on")
    func suspended() async throws {
        try await TestServer.run { client, _ in
            for _ in 0..<3 {
                #expect(await client.request("POST", "/echo", body: #"{"a":1}"#)?.body == #"{"a":1}"#)
            }
        }
    }

    @Test("a body in chunks is put together")
    func chunks() async throws {
        try await TestServer.run { client, _ in
            client.send(
                "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            client.send("3\r\n{\"a\r\n")
            client.send("4\r\n\":1}\r\n0\r\n\r\n")
            #expect(await client.response()?.body == #"{"a":1}"#)
        }
    }

    @Test("pipelined requests are answered in order, the second only after the first")
    func pipelining() async throws {
        try await TestServer.run { client, server in
            client.send("GET /held/one HTTP/1.1\r\nHost: t\r\n\r\nGET /held/two HTTP/1.1\r\nHost: t\r\n\r\n")
            await server.waitForHeld(1)
            await server.openGate()
            #expect(await client.response()?.body.contains("one") == true)
            await server.waitForHeld(1)
            await server.openGate()
            #expect(await client.response()?.body.contains("two") == true)
            #expect(await server.mostHeldAtOnce == 1)
        }
    }

    @Test("many requests in one packet are all answered")
    func manyPipelined() async throws {
        try await TestServer.run { client, _ in
            client.send(String(repeating: "GET /hello HTTP/1.1\r\nHost: t\r\n\r\n", count: 200))
            for _ in 0..<200 { #expect(await client.response()?.status == 200) }
        }
    }

    @Test("HEAD is answered like GET, without the body")
    func head() async throws {
        try await TestServer.run { client, _ in
            let response = try #require(await client.request("HEAD", "/hello"))
            #expect(response.status == 200)
            #expect(response.headers["content-length"] == "17")
            #expect(await client.request("GET", "/hello")?.body == #"{"hello":"world"}"#)
        }
    }

    @Test("OPTIONS and a wrong method say what is allowed")
    func methods() async throws {
        try await TestServer.run { client, _ in
            let allowed = "GET, HEAD, PATCH, DELETE, OPTIONS"
            let options = try #require(await client.request("OPTIONS", "/api/things/\(TestServer.thing)"))
            #expect(options.status == 204)
            #expect(options.headers["allow"] == allowed)
            for method in ["PUT", "TRACE", "BREW"] {
                let wrong = try #require(await client.request(method, "/api/things/\(TestServer.thing)"))
                #expect(wrong.status == 405)
                #expect(wrong.headers["allow"] == allowed)
            }
        }
    }

    @Test("what is not there is 404, malformed ids included")
    func notFound() async throws {
        try await TestServer.run { client, _ in
            for target in ["/", "/nothing", "/hello/", "//hello", "/api/things/12", "/HELLO"] {
                #expect(await client.request("GET", target, headers: TestServer.token("staff"))?.status == 404)
            }
        }
    }

    @Test("paths and queries are percent-decoded strictly")
    func decoding() async throws {
        try await TestServer.run { client, server in
            client.send("GET /held/caf%C3%A9%2F1 HTTP/1.1\r\nHost: t\r\n\r\n")
            await server.waitForHeld(1)
            await server.openGate()
            #expect(await client.response()?.body.contains("café/1") == true)
            for target in [
                "/held/%", "/held/%2", "/held/%zz", "/held/%C3%28", "/held/%00", "/hello?a=%FF", "/hello?%0A",
            ] {
                #expect(await client.request("GET", target)?.status == 400)
            }
        }
    }

    @Test(
        "the client's address is the last hop that the gateway named, and the peer's without the gateway's secret",
        arguments: [
            ("X-Gateway-Secret: gateway-secret\r\nX-Forwarded-For: 6.6.6.6, 203.0.113.9\r\n", "203.0.113.9"),
            ("X-Gateway-Secret: gateway-secret\r\nX-Forwarded-For: ::ffff:203.0.113.9\r\n", "203.0.113.9"),
            ("X-Gateway-Secret: gateway-secret\r\nX-Forwarded-For: 198.51.100.8 1\r\n", "127.0.0.1"),
            ("X-Gateway-Secret: guess\r\nX-Forwarded-For: 203.0.113.9\r\n", "127.0.0.1"),
            ("X-Forwarded-For: 203.0.113.9\r\n", "127.0.0.1"),
        ])
    func clientAddress(fields: String, expected: String) async throws {
        try await TestServer.run { client, server in
            client.send("GET /held/x HTTP/1.1\r\nHost: t\r\n\(fields)\r\n")
            await server.waitForHeld(1)
            await server.openGate()
            #expect(await client.response()?.body.contains("\"\(expected)\"") == true)
        }
    }

    @Test(
        "JSON is taken in UTF-8 alone",
        arguments: [
            ("application/json", 200), ("application/json; charset=utf-8", 200),
            ("application/json;charset=\"UTF-8\"", 200), ("application/json; charset=iso-8859-1", 415),
            ("application/json; charset=utf-7", 415), ("application/json; charset", 415), ("text/plain", 415),
        ])
    func charset(type: String, status: Int) async throws {
        try await TestServer.run { client, _ in
            let response = await client.request("POST", "/echo", headers: ["Content-Type": type], body: "{\"a\":1}")
            #expect(response?.status == status)
        }
    }

    @Test("no cache keeps the answers of routes that ask for a token, refusals included")
    func privateAnswers() async throws {
        try await TestServer.run { client, _ in
            for token in [TestServer.token("staff"), [:], TestServer.token("patient")] {
                let answer = await client.request("GET", "/api/large", headers: token)
                #expect(answer?.headers["cache-control"] == "no-store")
            }
            #expect(await client.request("GET", "/hello")?.headers["cache-control"] == nil)
        }
    }

    @Test("the request id of the gateway comes back; a strange one is replaced")
    func requestID() async throws {
        try await TestServer.run { client, _ in
            let kept = await client.request("GET", "/hello", headers: ["X-Request-ID": "abc-123"])
            #expect(kept?.headers["x-request-id"] == "abc-123")
            let replaced = await client.request("GET", "/hello", headers: ["X-Request-ID": "a b"])
            #expect(replaced?.headers["x-request-id"]?.count == 32)
        }
    }

    @Test("content that is not JSON has its own type")
    func rawContent() async throws {
        try await TestServer.run { client, _ in
            let response = try #require(await client.request("GET", "/feed.ics"))
            #expect(response.headers["content-type"] == "text/calendar")
            #expect(response.body == "BEGIN:VCALENDAR")
        }
    }

    @Test("parameters that keep caches from answering are passed over where a route says so, and refused elsewhere")
    func openQueries() async throws {
        try await TestServer.run { client, _ in
            for query in ["?", "?_=1700000000", "?nocache&nocache=2"] {
                #expect(await client.request("GET", "/feed.ics\(query)")?.status == 200)
            }
            #expect(await client.request("GET", "/large?_=1700000000")?.status == 400)
        }
    }

    @Test(
        "every refusal near routes with a form of their own has that form, and refusals elsewhere are problem details")
    func problemForms() async throws {
        try await TestServer.run { client, _ in
            let inside = [
                ("GET", "/shapes/a/round", 404), ("GET", "/shapes", 404), ("GET", "/shapes/a/square?x=1", 404),
                ("DELETE", "/shapes/a/round", 405), ("GET", "/shapes/a/round/", 404), ("GET", "/shapes/%zz/round", 400),
                ("GET", "/shapes/a/round?x=%", 400), ("GET", "/shapes/a/round?x=1", 400),
            ]
            for (method, target, status) in inside {
                let answer = try #require(await client.request(method, target))
                #expect(answer.status == status, "\(target)")
                #expect(answer.headers["content-type"] == "application/shape+json", "\(target)")
                #expect(answer.body.hasPrefix("{\"shape\":"))
            }
            for target in ["/", "/nothing", "/shape", "/api/shapes", "/held/%"] {
                let answer = try #require(await client.request("GET", target))
                #expect(answer.headers["content-type"] == "application/problem+json", "\(target)")
            }
        }
    }

    @Test("requests are measured by route template, never by path")
    func metrics() async throws {
        try await TestServer.run { client, server in
            _ = await client.request("GET", "/api/things/\(TestServer.thing)", headers: TestServer.token("staff"))
            let text = await server.metrics.exposition()
            #expect(text.contains(#"http_route="/api/things/{id}""#))
            #expect(!text.contains(TestServer.thing.description))
        }
    }
}
