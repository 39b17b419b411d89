import EventLoop
import Glibc
import HTTPServer
import HTTPTesting
import Runtime
import Testing
import WebSocket

@Suite("The life of a connection")
struct LifeTests {
    @Test("a broadcast reaches every connection, in order")
    func broadcast() async throws {
        try await EchoServer.with { server in
            var clients: [FrameClient] = []
            for _ in 0..<50 { clients.append(try #require(await FrameClient(port: await server.port))) }
            try await server.wait { $0.sockets.count == 50 }
            for number in 0..<20 {
                let message = EncodedMessage(.text("news \(number)"))
                for socket in await server.sockets { await socket.send(message) }
            }
            for client in clients {
                for number in 0..<20 { #expect(await client.next() == .text("news \(number)")) }
            }
        }
    }

    @Test("a client that does not read is closed, and what waited for it is dropped")
    func slowReader() async throws {
        try await EchoServer.with({ $0.queuedBytes = 200_000 }) { server in
            let slow = try #require(await FrameClient(port: await server.port, receiveBuffer: 4096))
            let quick = try #require(await FrameClient(port: await server.port))
            try await server.wait { $0.sockets.count == 2 }
            let sockets = await server.sockets
            let message = EncodedMessage(.binary([UInt8](repeating: 7, count: 10_000)))
            var most = 0
            for _ in 0..<2000 where await sockets[0].isOpen {
                for socket in sockets { await socket.send(message) }
                most = max(most, await sockets[0].queuedBytes)
                _ = await quick.next()
            }
            #expect(await !sockets[0].isOpen)
            #expect(await sockets[1].isOpen)
            #expect(most <= 200_000)
            #expect(await sockets[0].closeCode == .policyViolation)
            // What was begun comes whole, then the reason.
            var last: FrameClient.Frame?
            while let frame = await slow.next() { last = frame }
            #expect(last?.closeCode == 1008)
            try await server.wait { $0.endpoint.connectionCount == 1 }
        }
    }

    @Test("a handler that is behind holds its client back, and nothing is lost")
    func backPressure() async throws {
        try await EchoServer.with({ ($0.waitingMessages, $0.messageSize) = (4, 100_000) }) { server in
            let client = try #require(await FrameClient(port: await server.port, "/still"))
            try await server.wait { $0.sockets.count == 1 }
            let socket = await server.sockets[0]
            // It blocks while the server does not read.
            async let sent: Void = BlockingPool(threads: 1, waiting: 1).run {
                for number in 0..<200 {
                    client.raw.send(FrameClient.frame(0x82, [UInt8](repeating: UInt8(number), count: 50_000)))
                }
            }
            for number in 0..<200 {
                #expect(await socket.receive() == .binary([UInt8](repeating: UInt8(number), count: 50_000)))
            }
            try await sent
        }
    }

    @Test("a client that answers no ping is lost; one that does stays")
    func heartbeat() async throws {
        try await EchoServer.with({ ($0.pingInterval, $0.pongTime) = (.milliseconds(200), .seconds(1)) }) { server in
            let silent = try #require(await FrameClient(port: await server.port))
            let alive = try #require(await FrameClient(port: await server.port))
            for _ in 0..<3 {
                #expect(await alive.next()?.first == 0x89)
                alive.send(0x8A)
            }
            try await server.wait { $0.sockets.first?.closeCode == .lost }
            #expect(await server.sockets[1].isOpen)
            #expect(await silent.next()?.first == 0x89)
        }
    }

    @Test("the end of a connection cancels its handler, however it ends")
    func cancellation() async throws {
        try await EchoServer.with { server in
            var client = await FrameClient(port: await server.port, "/still")
            client?.send(0x88)
            try await server.wait { $0.endings == ["cancelled"] }
            client = await FrameClient(port: await server.port, "/still")
            try await server.wait { $0.sockets.count == 2 }
            client = nil
            try await server.wait { $0.endings == ["cancelled", "cancelled"] && $0.endpoint.connectionCount == 0 }
            #expect(await server.sockets[1].closeCode == .lost)
        }
    }

    @Test("a handler that fails closes with 1011, and its connection ends")
    func failure() async throws {
        try await EchoServer.with { server in
            let client = try #require(await FrameClient(port: await server.port, "/failing"))
            #expect(await client.closeCode() == 1011)
            try await server.wait { $0.endpoint.connectionCount == 0 }
        }
    }

    @Test("a connection ends with the token that opened it")
    func expiry() async throws {
        try await EchoServer.with(tokenLife: .milliseconds(200)) { server in
            let client = try #require(await FrameClient(port: await server.port))
            #expect(await client.closeCode() == 1008)
        }
    }

    @Test("a client that does not answer a close frame is left after its time")
    func unansweredClose() async throws {
        try await EchoServer.with { server in
            let client = try #require(await FrameClient(port: await server.port))
            try await server.wait { $0.sockets.count == 1 }
            await server.sockets[0].close(.normal)
            #expect(await client.closeCode() == 1000)
            client.send(0x81, "I did not hear that")
            try await server.wait { $0.endpoint.connectionCount == 0 }
            #expect(await client.raw.isClosedByServer())
        }
    }

    @Test("a drain closes with 1001, waits for the answer, and refuses new connections")
    func drain() async throws {
        try await EchoServer.with { server in
            let port = await server.port
            let client = try #require(await FrameClient(port: port))
            let still = try #require(await FrameClient(port: port, "/still"))
            let start = ContinuousClock.now
            let drained = Task { @EventLoop in await server.server.drain(within: .seconds(10)) }
            #expect(await client.closeCode() == 1001)
            #expect(await still.closeCode() == 1001)
            #expect(!RawClient.canConnect(port: port))
            client.send(0x88, "\u{3}\u{e9}")
            still.send(0x88)
            await drained.value
            #expect(ContinuousClock.now - start < .seconds(5))
            #expect(await client.raw.isClosedByServer())
        }
    }

    @Test("a drain does not wait beyond its deadline for clients that do not answer")
    func drainDeadline() async throws {
        try await EchoServer.with({ $0.closeTime = .seconds(60) }) { server in
            let client = try #require(await FrameClient(port: await server.port))
            let start = ContinuousClock.now
            await server.server.drain(within: .milliseconds(200))
            #expect(ContinuousClock.now - start < .seconds(5))
            #expect(await client.closeCode() == 1001)
            #expect(await client.raw.isClosedByServer())
        }
    }

    @Test("measures connections and messages")
    func metrics() async throws {
        try await EchoServer.with { server in
            let client = try #require(await FrameClient(port: await server.port))
            client.send(0x81, "a")
            _ = await client.next()
            let text = await server.metrics.exposition()
            #expect(text.contains("websocket_open_connections{endpoint=\"echo\"} 1"))
            #expect(text.contains("websocket_messages_total{endpoint=\"echo\",direction=\"received\"} 1"))
            #expect(text.contains("websocket_messages_total{endpoint=\"echo\",direction=\"sent\"} 1"))
        }
    }
}
