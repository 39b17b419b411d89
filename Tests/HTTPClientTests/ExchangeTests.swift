import EventLoop
import Glibc
import HTTPClient
import HTTPTesting
import Runtime
import Testing

@Suite("Requests and answers")
struct ExchangeTests {
    private static func answering(_ text: String) -> @Sendable (ScriptedPeer.Connection) -> Void {
        { connection in while !connection.request().isEmpty, connection.send(text) {} }
    }

    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-One:  1 \r\nx-two: 2\r\nX-Empty:\r\n\r\nok"

    @Test("method, fields, body and trace reach the peer; status, fields and body come back")
    func exchange() async throws {
        try await ScriptedPeer.with(Self.answering(Self.ok)) { peer in
            try await HTTPClient.with { client in
                let trace = TraceContext.new()
                let request = HTTPRequest(
                    .put, peer.url + "a/b?c=d", headers: [("Content-Type", "application/json"), ("X-Empty", "")],
                    body: Array("{\"a\":1}".utf8))
                let outcome = await TraceContext.$current.withValue(trace) {
                    await client.send(request, retry: .idempotent(key: "k-1"), within: .seconds(60))
                }
                let response = try #require(outcome.response)
                #expect(response.status == 200 && response.isSuccess)
                #expect(response["x-one"] == "1" && response["x-two"] == "2" && response["x-empty"] == "")
                #expect(response.body == Array("ok".utf8))
                let sent = try #require(peer.requests.first)
                #expect(sent.hasPrefix("PUT /a/b?c=d HTTP/1.1\r\n"))
                #expect(sent.hasSuffix("\r\n\r\n{\"a\":1}"))
                #expect(sent.contains("\r\nIdempotency-Key: k-1\r\n"))
                #expect(sent.contains("\r\nX-Empty:\r\n"))
                #expect(sent.contains("\r\ntraceparent: 00-\(trace.traceID)-"))
                #expect(!sent.contains(trace.spanID))
                #expect(!sent.contains("Expect:"))
            }
        }
    }

    @Test("every method has its form", arguments: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
    func methods(_ name: String) async throws {
        let answer = name == "HEAD" ? "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n" : Self.ok
        try await ScriptedPeer.with(Self.answering(answer)) { peer in
            await HTTPClient.with { client in
                let method = HTTPRequest.Method(rawValue: name) ?? .get
                for _ in 0..<2 {
                    let outcome = await client.send(
                        HTTPRequest(method, peer.url), retry: .safe, within: .seconds(60))
                    #expect(outcome.summary == "answered 200")
                }
            }
            let sent = try #require(peer.requests.first)
            #expect(sent.hasPrefix("\(name) / HTTP/1.1\r\n"))
            #expect(sent.contains("Content-Length: 0") == ["POST", "PUT", "PATCH"].contains(name))
        }
    }

    @Test("a redirect is an answer")
    func redirect() async {
        let answer = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
        await ScriptedPeer.with(Self.answering(answer)) { peer in
            await HTTPClient.with { #expect(await $0.attempt(peer.url).summary == "answered 302") }
        }
    }

    @Test("an interim answer is not the answer")
    func interim() async throws {
        let answer = "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n" + Self.ok
        try await ScriptedPeer.with(Self.answering(answer)) { peer in
            try await HTTPClient.with { client in
                let response = try #require(await client.attempt(peer.url).response)
                #expect(response.status == 200 && response["x-early"] == nil)
            }
        }
    }

    @Test("connections are bounded and used again; requests over the bound fail at once")
    func bounds() async throws {
        let slow: @Sendable (ScriptedPeer.Connection) -> Void = { connection in
            while !connection.request().isEmpty {
                usleep(20_000)
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(connection.number)")
            }
        }
        try await ScriptedPeer.with(slow) { peer in
            try await HTTPClient.with({ ($0.connectionsPerHost, $0.requests) = (2, 12) }) { client in
                let outcomes = await withTaskGroup(of: HTTPOutcome.self) { group in
                    for _ in 0..<20 {
                        group.addTask {
                            await client.send(HTTPRequest(.get, peer.url), retry: .never, within: .seconds(60))
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                #expect(outcomes.count { $0.summary == "notSent saturated" } == 8)
                #expect(outcomes.count { $0.summary == "answered 200" } == 12)
                let safe = HTTPRequest(.get, peer.url)
                let first = try #require(await client.send(safe, retry: .safe, within: .seconds(60)).response)
                let second = try #require(await client.send(safe, retry: .safe, within: .seconds(60)).response)
                #expect(first.body == second.body)
            }
        }
    }

    @Test("measures by the name of the peer, never by URL")
    func metrics() async {
        let metrics = MetricsRegistry()
        await ScriptedPeer.with(Self.answering(Self.ok)) { peer in
            await HTTPClient.with(metrics: metrics) { _ = await $0.attempt(peer.url + "secret-path") }
        }
        let text = await metrics.exposition()
        #expect(text.contains("http_client_request_duration_seconds_count{peer=\"test\",outcome=\"2xx\"} 1"))
        #expect(!text.contains("secret-path") && !text.contains("127.0.0.1"))
    }
}
