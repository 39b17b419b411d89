import EventLoop
import HTTPServer
import HTTPTesting
import Runtime
import Testing

@Suite("A stream of events")
struct EventStreamTests {
    @Test("begins with a head that neither caches nor proxies hold back, and has no length")
    func head() async throws {
        try await StreamServer.with { server in
            let client = RawClient(port: await server.port)
            let response = try #require(await client.request("GET", "/updates?room=one"))
            #expect(response.status == 200)
            #expect(response.headers["content-type"] == "text/event-stream")
            #expect(response.headers["cache-control"] == "no-store")
            #expect(response.headers["x-accel-buffering"] == "no")
            #expect(response.headers["connection"] == "close")
            #expect(response.headers["content-length"] == nil && response.headers["content-encoding"] == nil)
            #expect(response.headers["x-request-id"] != nil)
            #expect(response.headers["date"]?.hasSuffix(" GMT") == true)
        }
    }

    @Test("carries name, id and lines of data to every client, in order")
    func events() async throws {
        try await StreamServer.with { server in
            var clients: [RawClient] = []
            for _ in 0..<20 { clients.append(try #require(await server.open())) }
            try await server.wait { $0.streams.count == 20 }
            await server.broadcast(EncodedEvent("queue:updated", id: "7", text: "{\"a\":1}"))
            await server.broadcast(EncodedEvent(text: "one\ntwo\r\nthree\rfour"))
            await server.broadcast(EncodedEvent(text: ""))
            for client in clients {
                #expect(await client.text(through: "\n\n") == "event: queue:updated\nid: 7\ndata: {\"a\":1}\n\n")
                #expect(
                    await client.text(through: "\n\n") == "data: one\ndata: two\ndata: three\ndata: four\n\n")
                #expect(await client.text(through: "\n\n") == "data: \n\n")
            }
        }
    }

    @Test("knows the last event of a client that comes back")
    func lastEventID() async throws {
        try await StreamServer.with { server in
            let client = try #require(await server.open(headers: ["Last-Event-ID": "41"]))
            try await server.wait { $0.streams.first?.lastEventID == "41" }
            await server.broadcast(EncodedEvent(id: "42", text: "next"))
            #expect(await client.text(through: "\n\n") == "id: 42\ndata: next\n\n")
        }
    }

    @Test("is never silent for longer than the heartbeat, and outlives the deadlines of requests")
    func heartbeat() async throws {
        var http = HTTPLimits.standard
        (http.answerTime, http.sendTime, http.idleTime) = (.milliseconds(200), .milliseconds(200), .milliseconds(200))
        try await StreamServer.with(http: http, { $0.heartbeat = .milliseconds(150) }) { server in
            let client = try #require(await server.open())
            for _ in 0..<5 { #expect(await client.text(through: "\n\n") == ":\n\n") }
            await server.broadcast(EncodedEvent(text: "still here"))
            #expect(await client.text(through: "still here\n\n") != nil)
        }
    }

    @Test("counts the time of the heartbeat from what it sent last, whatever that was")
    func silence() async throws {
        let interval = Duration.milliseconds(200)
        try await StreamServer.with({ $0.heartbeat = interval }) { server in
            let client = try #require(await server.open())
            var silences: [Duration] = []
            for _ in 0..<5 {
                #expect(await client.text(through: "\n\n") == ":\n\n")
                await server.broadcast(EncodedEvent(text: "now"))
                #expect(await client.text(through: "\n\n") == "data: now\n\n")
                let begin = ContinuousClock.now
                #expect(await client.text(through: "\n\n") == ":\n\n")
                silences.append(.now - begin)
            }
            // A machine that is slow now and then makes some of them longer.
            #expect(silences.min().map { $0 < interval * 2 - .milliseconds(50) } == true, "\(silences)")
        }
    }

    @Test("takes no place of a request, and none of those that are closed")
    func connections() async throws {
        var http = HTTPLimits.standard
        http.connections = 3
        try await StreamServer.with(http: http) { server in
            var clients: [RawClient] = []
            for _ in 0..<10 { clients.append(try #require(await server.open())) }
            #expect(await RawClient(port: await server.port).request("GET", "/hello")?.status == 200)
            try await server.wait { $0.endpoint.connectionCount == 10 }
            clients = []
            try await server.wait { $0.endpoint.connectionCount == 0 && $0.endings.count == 10 }
            #expect(await server.endings.allSatisfy { $0 == .clientLeft })
            #expect(await server.open() != nil)
        }
    }

    @Test("is refused before it begins, as any request")
    func refusals() async throws {
        try await StreamServer.with({ ($0.connections.total, $0.connections.perClient) = (3, 2) }) { server in
            let client = RawClient(port: await server.port)
            #expect(await client.request("GET", "/updates?room=two")?.status == 403)
            #expect(await client.request("GET", "/updates")?.status == 400)
            #expect(await client.request("GET", "/staff")?.status == 401)
            let head = try #require(await client.request("HEAD", "/updates?room=one"))
            #expect(head.status == 200 && head.headers["content-type"] == "text/event-stream")
            #expect(await server.streams.isEmpty)
            let open = [await server.open(), await server.open()]
            #expect(open.allSatisfy { $0 != nil })
            let refused = try #require(await client.request("GET", "/updates?room=one"))
            #expect(refused.status == 429 && refused.body.contains("problems/too-many-requests"))
        }
    }

    @Test("is refused with 503 when the server has all that it may have")
    func full() async throws {
        var http = HTTPLimits.standard
        http.detachedConnections = 1
        try await StreamServer.with(http: http) { server in
            let first = try #require(await server.open())
            let client = RawClient(port: await server.port)
            #expect(await client.request("GET", "/updates?room=one")?.status == 503)
            #expect(await client.request("GET", "/hello")?.status == 200)
            await server.broadcast(EncodedEvent(text: "on"))
            #expect(await first.text(through: "\n\n") == "data: on\n\n")
        }
    }

    @Test("of a client that does not read is cut, and what waited for it is dropped")
    func slowReader() async throws {
        try await StreamServer.with({ ($0.queuedBytes, $0.closeTime) = (200_000, .seconds(10)) }) { server in
            let slow = try #require(await server.open(receiveBuffer: 4096))
            let quick = try #require(await server.open())
            try await server.wait { $0.streams.count == 2 }
            let streams = await server.streams
            let event = EncodedEvent(text: String(repeating: "x", count: 10_000))
            let size = 10_000 + "data: \n\n".utf8.count
            var most = 0
            for _ in 0..<2000 where await streams[0].isOpen {
                await server.broadcast(event)
                most = max(most, await streams[0].queuedBytes)
                _ = await quick.bytes(size)
            }
            #expect(await streams[0].ending == .slowReader)
            #expect(await streams[1].isOpen)
            #expect(most <= 200_000)
            // What was begun comes whole, then the reason.
            while await slow.bytes(size) != nil {}
            #expect(await slow.text(through: "\n\n") == "event: end\ndata: {\"reason\":\"slow_reader\"}\n\n")
            try await server.wait { $0.endpoint.connectionCount == 1 }
            let text = await server.metrics.exposition()
            #expect(
                text.contains("event_stream_ended_connections_total{endpoint=\"updates\",reason=\"slow_reader\"} 1"))
            #expect(text.contains("event_stream_open_connections{endpoint=\"updates\"} 1"))
        }
    }

    @Test("ends with the token that opened it")
    func expiry() async throws {
        try await StreamServer.with(tokenLife: .milliseconds(300)) { server in
            let client = try #require(await server.open("/staff", headers: ["Authorization": "Bearer staff"]))
            #expect(await client.text(through: "\n\n") == "event: end\ndata: {\"reason\":\"token_expired\"}\n\n")
            #expect(await client.isClosedByServer())
        }
    }

    @Test("ends when the server drains, which waits for no client that stays")
    func drain() async throws {
        try await StreamServer.with { server in
            var clients: [RawClient] = []
            for _ in 0..<30 { clients.append(try #require(await server.open())) }
            try await server.wait { $0.streams.count == 30 }
            let start = ContinuousClock.now
            await server.server.drain(within: .seconds(10))
            #expect(ContinuousClock.now - start < .seconds(5))
            for client in clients {
                #expect(await client.text(through: "\n\n") == "event: end\ndata: {\"reason\":\"drained\"}\n\n")
                #expect(await client.isClosedByServer())
            }
        }
    }
}
