import EventLoop
import Glibc
import HTTPClient
import HTTPTesting
import Testing

@Suite("What is known of a request that failed")
struct OutcomeTests {
    private static let head = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"

    private static let deadlines = [1, 5, 25].map { Duration.seconds($0) }

    @Test("a refused connection means that nothing was sent")
    func refused() async {
        let port = await ScriptedPeer.with({ _ in }) { $0.port }
        await HTTPClient.with { client in
            // The listener is closed by its thread.
            var summary = ""
            for _ in 0..<100 where summary != "notSent connect" {
                summary = await client.attempt("http://127.0.0.1:\(port)/").summary
            }
            #expect(summary == "notSent connect")
        }
    }

    @Test("a name that does not resolve means that nothing was sent")
    func name() async {
        await HTTPClient.with { client in
            #expect(
                await client.attempt("http://nothing.invalid/", within: .seconds(20)).summary
                    == "notSent nameResolution")
        }
    }

    @Test("a TLS handshake that never ends means that nothing was sent")
    func silentHandshake() async {
        await ScriptedPeer.with({ $0.waitForClose() }) { peer in
            await HTTPClient.with { client in
                let outcome = await client.attempt("https://127.0.0.1:\(peer.port)/", within: .milliseconds(300))
                #expect(outcome.summary == "notSent deadline")
            }
        }
    }

    @Test("a peer that closes before its answer leaves the outcome unknown")
    func closes() async { await expect("unknown connectionLost") { _ = $0.request() } }

    @Test("a peer that resets the connection leaves the outcome unknown")
    func resets() async {
        await expect("unknown connectionLost") { connection in
            _ = connection.request()
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection.descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
        }
    }

    @Test("half an answer leaves the outcome unknown")
    func half() async {
        await expect("unknown connectionLost") { connection in
            _ = connection.request()
            connection.send(Self.head + "half of it")
        }
    }

    @Test("a peer that never answers leaves the outcome unknown at the deadline")
    func silent() async {
        await expect("unknown deadline", within: Self.deadlines) { connection in
            _ = connection.request()
            connection.waitForClose()
        }
    }

    @Test("an answer that trickles does not extend the deadline")
    @EventLoop func trickle() async {
        let start = ContinuousClock.now
        await expect("unknown deadline", within: Self.deadlines) { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while connection.send("x") { usleep(20_000) }
        }
        #expect(ContinuousClock.now - start < .seconds(50))
    }

    @Test("an endless body is not read beyond the limit")
    func endless() async {
        await expect("unknown answerTooLarge") { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            let piece = String(repeating: "x", count: 64 * 1024)
            while connection.send(piece) {}
        }
    }

    @Test("an endless head is not read beyond the limit")
    func hugeHead() async {
        await expect("unknown answerTooLarge") { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\n")
            let field = "X-Field: " + String(repeating: "x", count: 1000) + "\r\n"
            while connection.send(field) {}
        }
    }

    @Test("what is not HTTP leaves the outcome unknown", arguments: ["hello\r\n\r\n", "HTTP/9.9 abc\r\n\r\n"])
    func noHTTP(_ text: String) async {
        await ScriptedPeer.with({ connection in
            _ = connection.request()
            connection.send(text)
        }) { peer in
            await HTTPClient.with { client in
                #expect(await client.attempt(peer.url).summary.hasPrefix("unknown"))
            }
        }
    }

    @Test(
        "a request that is malformed is not sent",
        arguments: [
            "ftp://127.0.0.1/", "file:///etc/passwd", "127.0.0.1 /", "http://user:secret@127.0.0.1/", "", "http://a b/",
            "http://127.0.0.1/\r\nX-Injected: yes",
        ])
    func invalid(_ url: String) async {
        await HTTPClient.with { client in
            let summary = await client.attempt(url).summary
            #expect(summary == "notSent invalidRequest", "\(url)")
        }
    }

    @Test("plain HTTP is refused unless it is allowed")
    func scheme() async {
        await ScriptedPeer.with({ _ in }) { peer in
            await HTTPClient.with({ $0.schemes = [.https] }) { client in
                #expect(await client.attempt(peer.url).summary == "notSent invalidRequest")
            }
        }
    }

    @Test("a header field cannot smuggle in another line")
    func injection() async {
        await ScriptedPeer.with({ _ in }) { peer in
            await HTTPClient.with { client in
                for field in [("X-Name", "a\r\nX-Other: b"), ("X\r\nY", "a"), ("", "a"), ("X-Name", "a\0b")] {
                    let request = HTTPRequest(.get, peer.url).with(field.0, field.1)
                    #expect(
                        await client.send(request, retry: .never, within: .seconds(2)).summary
                            == "notSent invalidRequest")
                }
            }
        }
    }

    @Test("cancelling the task ends a request at once, and its outcome is unknown")
    func cancellation() async {
        await inFlight { _, attempt in
            attempt.cancel()
            #expect(await attempt.value.summary == "unknown cancelled")
        }
    }

    @Test("a closed client sends nothing, and what was in flight is unknown")
    func closing() async {
        await inFlight { client, attempt in
            await client.close()
            #expect(await attempt.value.summary == "unknown closed")
            #expect(await client.attempt("http://127.0.0.1:1/").summary == "notSent closed")
        }
    }

    /// Runs `body` while a peer that never answers has an attempt.
    private func inFlight(_ body: (HTTPClient, Task<HTTPOutcome, Never>) async -> Void) async {
        await ScriptedPeer.with({ connection in
            _ = connection.request()
            connection.waitForClose()
        }) { peer in
            await HTTPClient.with { client in
                let attempt = Task { await client.attempt(peer.url, within: .seconds(60)) }
                while peer.requests.isEmpty { await Task.yield() }
                await body(client, attempt)
            }
        }
    }

    /// Expects this outcome of one attempt at a peer that does `script` on each connection.
    private func expect(
        _ summary: String, within deadlines: [Duration] = [.seconds(60)],
        _ script: @escaping @Sendable (ScriptedPeer.Connection) -> Void
    ) async {
        await ScriptedPeer.with(script) { peer in
            await HTTPClient.with { client in
                // On a busy machine a short deadline may pass before anything is sent.
                var outcome = HTTPOutcome.notSent(.deadline)
                for deadline in deadlines where outcome.summary == "notSent deadline" {
                    outcome = await client.attempt(peer.url, within: deadline)
                }
                #expect(outcome.summary == summary)
                #expect(peer.requests.count == 1)
            }
        }
    }
}
