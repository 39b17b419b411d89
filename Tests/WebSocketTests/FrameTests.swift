import EventLoop
import HTTPTesting
import Testing
import WebSocket

@Suite("Frames of clients")
struct FrameTests {
    private typealias Frame = FrameClient.Frame

    /// Frames that break the protocol, and the code that they are answered with.
    private static let faults: [(name: String, bytes: [UInt8], code: Int)] = [
        ("unmasked", FrameClient.frame(0x81, [0x61], isMasked: false), 1002),
        ("reserved bit 1", FrameClient.frame(0xC1, [0x61]), 1002),
        ("reserved bit 2", FrameClient.frame(0xA1, [0x61]), 1002),
        ("reserved bit 3", FrameClient.frame(0x91, [0x61]), 1002),
        ("unknown opcode 3", FrameClient.frame(0x83, [0x61]), 1002),
        ("unknown control opcode 11", FrameClient.frame(0x8B), 1002),
        ("fragmented ping", FrameClient.frame(0x09), 1002),
        ("fragmented close", FrameClient.frame(0x08), 1002),
        ("ping of 126 bytes", FrameClient.frame(0x89, [UInt8](repeating: 0, count: 126)), 1002),
        ("continuation of nothing", FrameClient.frame(0x80, [0x61]), 1002),
        ("new message within another", FrameClient.frame(0x01, [0x61]) + FrameClient.frame(0x81, [0x61]), 1002),
        ("length of 64 bits with the highest set", FrameClient.frame(0x82, declaring: 1 << 63), 1002),
        ("length not in its shortest form", [0x81, 0xFE, 0, 1, 0, 0, 0, 0, 0x61], 1002),
        ("close of 1 byte", FrameClient.frame(0x88, [3]), 1002),
        ("close with code 999", FrameClient.frame(0x88, [0x03, 0xE7]), 1002),
        ("close with code 1005", FrameClient.frame(0x88, [0x03, 0xED]), 1002),
        ("close with code 1006", FrameClient.frame(0x88, [0x03, 0xEE]), 1002),
        ("close with code 1016", FrameClient.frame(0x88, [0x03, 0xF8]), 1002),
        ("close with code 5000", FrameClient.frame(0x88, [0x13, 0x88]), 1002),
        ("close with a reason that is not UTF-8", FrameClient.frame(0x88, [0x03, 0xE8, 0xFF]), 1007),
        ("text of a lone continuation byte", FrameClient.frame(0x81, [0x80]), 1007),
        ("text cut within a character", FrameClient.frame(0x81, [0xE2, 0x82]), 1007),
        ("overlong text", FrameClient.frame(0x81, [0xC0, 0xAF]), 1007),
        ("surrogate in text", FrameClient.frame(0x81, [0xED, 0xA0, 0x80]), 1007),
        ("text beyond U+10FFFF", FrameClient.frame(0x81, [0xF4, 0x90, 0x80, 0x80]), 1007),
        (
            "text invalid in its second fragment",
            FrameClient.frame(0x01, [0x61]) + FrameClient.frame(0x80, [0xFF]), 1007
        ),
        ("message over the limit", FrameClient.frame(0x82, [0], declaring: 1001), 1009),
        ("message of 2^40 bytes", FrameClient.frame(0x82, [0], declaring: 1 << 40), 1009),
        (
            "fragments over the limit together",
            FrameClient.frame(0x02, [UInt8](repeating: 0, count: 600))
                + FrameClient.frame(0x80, [UInt8](repeating: 0, count: 600)), 1009
        ),
    ]

    @Test("those that break the protocol end the connection with the right code", arguments: faults.indices)
    func fault(_ index: Int) async throws {
        let fault = Self.faults[index]
        try await EchoServer.with({ $0.messageSize = 1000 }) { server in
            let client = try #require(await FrameClient(port: await server.port))
            client.raw.send(fault.bytes)
            #expect(await client.closeCode() == fault.code, "\(fault.name)")
            #expect(await client.raw.isClosedByServer(), "\(fault.name)")
            try await server.wait { $0.endings == ["returned"] && $0.endpoint.connectionCount == 0 }
        }
    }

    @Test("codes that a client may close with are answered with the same", arguments: [1000, 1001, 1011, 3000, 4999])
    func codes(_ code: Int) async throws {
        try await EchoServer.with { server in
            let client = try #require(await FrameClient(port: await server.port))
            client.raw.send(FrameClient.frame(0x88, [UInt8(code >> 8), UInt8(code & 0xFF)] + Array("é".utf8)))
            #expect(await client.closeCode() == code)
            #expect(await client.raw.isClosedByServer())
            try await server.wait { $0.sockets.first?.closeCode?.number == UInt16(code) }
        }
    }

    @Test("come whole however they are cut into segments, with control frames between fragments")
    func segments() async throws {
        try await EchoServer.with { server in
            let client = try #require(await FrameClient(port: await server.port))
            let bytes =
                FrameClient.frame(0x01, Array("Sal".utf8)) + FrameClient.frame(0x89, Array("p".utf8))
                + FrameClient.frame(0x00, [0xC3]) + FrameClient.frame(0x8A) + FrameClient.frame(0x80, [0xA9])
            for byte in bytes {
                client.raw.send([byte])
                await Task.yield()
            }
            #expect(await client.next() == .pong("p"))
            #expect(await client.next() == .text("Salé"))
            client.raw.send((0..<500).flatMap { FrameClient.frame(0x81, Array("\($0)".utf8)) })
            for number in 0..<500 { #expect(await client.next() == .text("\(number)")) }
        }
    }

    @Test("come whole when those of other clients come in between, of clients with compression, too")
    func interleaved() async throws {
        try await EchoServer.with { server in
            var clients: [FrameClient] = []
            for number in 0..<6 {
                let offer = number.isMultiple(of: 2) ? nil : "permessage-deflate"
                clients.append(try #require(await FrameClient(port: await server.port, extensions: offer)))
            }
            let messages = clients.indices.map { FrameClient.frame(0x81, Array("message \($0)".utf8)) }
            for part in 0..<(messages[0].count + 2) / 3 {
                for (client, message) in zip(clients, messages) {
                    client.raw.send(Array(message[(part * 3)..<min(part * 3 + 3, message.count)]))
                    await Task.yield()
                }
                // A whole message of a client that comes and goes.
                let other = try #require(await FrameClient(port: await server.port))
                other.send(0x81, "other")
                #expect(await other.next() == .text("other"))
            }
            for (number, client) in clients.enumerated() { #expect(await client.next() == .text("message \(number)")) }
            // The bit of compression is an error for a client that has none, whatever the clients before it had.
            clients[1].send(0x81, "again")
            #expect(await clients[1].next() == .text("again"))
            clients[0].raw.send(FrameClient.frame(0xC1, [0x61]))
            #expect(await clients[0].closeCode() == 1002)
        }
    }

    @Test("those in the same segment as the request are not lost")
    func together() async throws {
        try await EchoServer.with { server in
            let raw = RawClient(port: await server.port)
            let fields = FrameClient.upgrade.map { "\($0): \($1)\r\n" }.joined()
            let head = "GET /echo HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer staff\r\n\(fields)\r\n"
            raw.send(Array(head.utf8) + FrameClient.frame(0x81, Array("early".utf8)))
            #expect(await raw.response()?.status == 101)
            #expect(await raw.bytes(7) == [0x81, 5] + Array("early".utf8))
        }
    }

    @Test(
        "a frame that never ends holds up no other connection, and random bytes end their connection", arguments: 0..<20
    )
    func noise(_ seed: UInt64) async throws {
        try await EchoServer.with { server in
            let open = try #require(await FrameClient(port: await server.port))
            open.raw.send([0x81, 0xFE, 0x03])
            let noisy = try #require(await FrameClient(port: await server.port))
            var state = seed &+ 1
            noisy.raw.send(
                (0..<4000).map { _ in
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return UInt8(truncatingIfNeeded: state >> 33)
                })
            try await server.wait { $0.endpoint.connectionCount == 1 }
            let good = try #require(await FrameClient(port: await server.port))
            good.send(0x81, "hello")
            #expect(await good.next() == .text("hello"))
        }
    }
}
