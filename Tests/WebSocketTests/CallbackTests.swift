import EventLoop
import HTTPServer
import HTTPTesting
import Primitives
import Testing
import WebSocket

@Suite("A connection driven by callbacks")
struct CallbackTests {
    @Test("hands over messages in order, those in the segment of the request included")
    func messages() async throws {
        try await EchoServer.with { server in
            let raw = RawClient(port: await server.port)
            let fields = FrameClient.upgrade.map { "\($0): \($1)\r\n" }.joined()
            raw.send(
                Array("GET /callback HTTP/1.1\r\nHost: t\r\n\(fields)\r\n".utf8)
                    + FrameClient.frame(0x81, Array("early".utf8)))
            #expect(await raw.response()?.status == 101)
            #expect(await raw.bytes(7) == [0x81, 5] + Array("early".utf8))
            let client = try #require(await FrameClient(port: await server.port, "/callback"))
            client.raw.send((0..<500).flatMap { FrameClient.frame(0x81, Array("\($0)".utf8)) })
            for number in 0..<500 { #expect(await client.next() == .text("\(number)")) }
        }
    }

    @Test("hands over what came before a close frame in the same segment, and its answers go before ours")
    func messageAndClose() async throws {
        try await EchoServer.with { server in
            let client = try #require(await FrameClient(port: await server.port, "/callback"))
            client.raw.send(FrameClient.frame(0x81, Array("last".utf8)) + FrameClient.frame(0x88, [0x03, 0xE8]))
            #expect(await client.next() == .text("last"))
            #expect(await client.closeCode() == 1000)
            try await server.wait { $0.endings == ["closed 1000"] && $0.endpoint.connectionCount == 0 }
        }
    }

    @Test("hands over nothing while it is held back, and all of it afterwards")
    func heldBack() async throws {
        try await EchoServer.with { server in
            let client = try #require(await FrameClient(port: await server.port, "/callback"))
            try await server.wait { $0.sockets.count == 1 }
            let socket = await server.sockets[0]
            await EventLoop.run { socket.isHeldBack = true }
            for number in 0..<100 { client.send(0x81, "\(number)") }
            client.send(0x89, "ping")
            await EventLoop.run { socket.isHeldBack = false }
            var texts: [FrameClient.Frame] = []
            while texts.count < 100, let frame = await client.next() { if frame.first == 0x81 { texts.append(frame) } }
            #expect(texts == (0..<100).map { .text("\($0)") })
        }
    }

    @Test("learns once why the connection is no longer open", arguments: ["close 4001", "lost", "drain", "expired"])
    func ends(_ cause: String) async throws {
        try await EchoServer.with { server in
            var client = await FrameClient(port: await server.port, "/callback")
            try await server.wait { $0.sockets.count == 1 }
            switch cause {
            case "lost": client = nil
            case "drain": async let _ = server.server.drain(within: .milliseconds(200))
            case "expired": await server.sockets[0].expire(at: .now)
            default: client?.send(0x81, cause)
            }
            let code = ["lost": "1006", "drain": "1001", "expired": "1008"][cause] ?? "4001"
            try await server.wait { $0.endings == ["closed \(code)"] }
            _ = await client?.closeCode()
        }
    }

    @Test("connections of one client are bounded apart from those of all")
    func share() async throws {
        try await EchoServer.with({ $0.connections.perClient = 2 }) { server in
            let port = await server.port
            let clients = [await FrameClient(port: port), await FrameClient(port: port)]
            #expect(clients.allSatisfy { $0 != nil })
            let third = await RawClient(port: port).request("GET", "/still", headers: FrameClient.upgrade)
            #expect(third?.status == 429)
        }
    }
}
