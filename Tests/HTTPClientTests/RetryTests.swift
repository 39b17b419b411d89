import EventLoop
import HTTPClient
import HTTPTesting
import Primitives
import Synchronization
import Testing

@Suite("Repeating a request")
struct RetryTests {
    private static let policy = RetryPolicy(
        attempts: 3, backoff: Backoff(from: .milliseconds(5), to: .milliseconds(50)))
    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

    private static func refusal(_ status: Int, retryAfter: String? = nil) -> String {
        let field = retryAfter.map { "Retry-After: \($0)\r\n" } ?? ""
        return "HTTP/1.1 \(status) No\r\nContent-Length: 0\r\n\(field)\r\n"
    }

    /// A peer that answers its nth request with the nth text, and closes where there is none. The last one repeats.
    private static func peer(_ answers: [String?], _ body: (ScriptedPeer, HTTPClient) async -> Void) async {
        let next = Mutex(0)
        await ScriptedPeer.with({ connection in
            while !connection.request().isEmpty {
                let index = next.withLock { next in
                    defer { next += 1 }
                    return min(next, answers.count - 1)
                }
                guard let answer = answers[index] else { return }
                connection.send(answer)
            }
        }) { peer in await HTTPClient.with { await body(peer, $0) } }
    }

    private static func send(
        _ client: HTTPClient, _ peer: ScriptedPeer, _ retry: RetryClass, within deadline: Duration = .seconds(60)
    ) async -> String {
        let request = HTTPRequest(retry == .safe ? .get : .post, peer.url)
        return await client.send(request, retry: retry, policy: policy, within: deadline).summary
    }

    @Test("a refusal that may be repeated is, with the same key")
    func refusals() async {
        await Self.peer([Self.refusal(503), Self.refusal(429, retryAfter: "0"), Self.ok]) { peer, client in
            #expect(await Self.send(client, peer, .idempotent(key: "k")) == "answered 200")
            #expect(peer.requests.count == 3)
            #expect(peer.requests.allSatisfy { $0.contains("\r\nIdempotency-Key: k\r\n") })
        }
    }

    @Test("a lost answer is asked for again")
    func lost() async {
        await Self.peer([nil, nil, Self.ok]) { peer, client in
            #expect(await Self.send(client, peer, .idempotent(key: "k")) == "answered 200")
            #expect(peer.requests.count == 3)
        }
    }

    @Test("what must not be repeated is sent once, even on a connection that was used before")
    func never() async {
        await Self.peer([Self.ok, nil, Self.ok]) { peer, client in
            #expect(await Self.send(client, peer, .safe) == "answered 200")
            #expect(await Self.send(client, peer, .never) == "unknown connectionLost")
            #expect(peer.requests.count == 2)
        }
    }

    @Test("a refusal after a lost answer leaves the outcome unknown", arguments: [503, 429])
    func uncertain(_ status: Int) async {
        await Self.peer([nil, Self.refusal(status)]) { peer, client in
            #expect(await Self.send(client, peer, .idempotent(key: "k")) == "unknown connectionLost")
            #expect(peer.requests.count == 3)
        }
    }

    @Test("a definite refusal after a lost answer settles it")
    func settled() async {
        await Self.peer([nil, Self.refusal(422)]) { peer, client in
            #expect(await Self.send(client, peer, .idempotent(key: "k")) == "answered 422")
        }
    }

    @Test("other answers are final", arguments: [200, 302, 400, 404, 409, 500])
    func final(_ status: Int) async {
        await Self.peer([Self.refusal(status)]) { peer, client in
            #expect(await Self.send(client, peer, .safe) == "answered \(status)")
            #expect(peer.requests.count == 1)
        }
    }

    @Test("Retry-After beyond the deadline ends it at once, in both of its forms")
    @EventLoop func retryAfter() async {
        for value in ["3000", "Fri, 01 Jan 2100 00:00:00 GMT"] {
            await Self.peer([Self.refusal(503, retryAfter: value)]) { peer, client in
                let start = ContinuousClock.now
                #expect(await Self.send(client, peer, .safe) == "answered 503")
                #expect(ContinuousClock.now - start < .seconds(50))
                #expect(peer.requests.count == 1)
            }
        }
    }

    @Test("Retry-After within the deadline is respected")
    func patience() async {
        await Self.peer([Self.refusal(503, retryAfter: "1"), Self.ok]) { peer, client in
            let start = ContinuousClock.now
            #expect(await Self.send(client, peer, .safe) == "answered 200")
            #expect(ContinuousClock.now - start >= .milliseconds(990))
        }
    }

    @Test("the deadline bounds all attempts together")
    @EventLoop func deadline() async {
        await ScriptedPeer.with({ connection in
            _ = connection.request()
            connection.waitForClose()
        }) { peer in
            await HTTPClient.with { client in
                let start = ContinuousClock.now
                var outcome = "notSent deadline"
                // On a busy machine a short deadline may pass before anything is sent.
                for deadline in [1, 5, 25] where outcome == "notSent deadline" {
                    outcome = await Self.send(client, peer, .safe, within: .seconds(deadline))
                }
                #expect(outcome == "unknown deadline")
                #expect(ContinuousClock.now - start < .seconds(50))
                #expect(peer.requests.count == 1)
            }
        }
    }
}
