import Compression
import EventLoop
import HTTPTesting
import Testing
import WebSocket

@Suite("Compressed messages")
struct DeflateTests {
    private static let offer = "permessage-deflate; client_max_window_bits"
    private static let long = String(repeating: "{\"position\":3,\"estimatedWait\":[10,20]}", count: 100)

    private static func compressed(_ content: [UInt8]) throws -> [UInt8] {
        let deflater = try #require(MessageDeflater(windowBits: 15))
        return try #require(deflater.deflate(content))
    }

    @Test(
        "are granted to the first offer that can be accepted, without a context on either side",
        arguments: [
            ("permessage-deflate", ""), (offer, ""), ("other, permessage-deflate", ""),
            ("permessage-deflate; server_max_window_bits=15", "; server_max_window_bits=12"),
            ("permessage-deflate; server_max_window_bits=12; client_max_window_bits=12", "; server_max_window_bits=12"),
            ("permessage-deflate; server_max_window_bits=\"12\"", "; server_max_window_bits=12"),
            ("permessage-deflate; server_max_window_bits=9, permessage-deflate", ""),
            ("permessage-deflate; client_no_context_takeover; server_no_context_takeover", ""),
        ])
    func granted(_ offer: String, _ rest: String) async throws {
        try await EchoServer.with { server in
            let answer = await FrameClient.extensions(port: await server.port, offering: offer)
            #expect(answer == "permessage-deflate; server_no_context_takeover; client_no_context_takeover" + rest)
        }
    }

    @Test(
        "are not granted to an offer that is malformed or asks for what we have not",
        arguments: [
            "", "x-webkit-deflate-frame", "permessage-deflate; server_max_window_bits=9",
            "permessage-deflate; server_max_window_bits", "permessage-deflate; server_max_window_bits=16",
            "permessage-deflate; client_max_window_bits=7", "permessage-deflate; client_max_window_bits=012",
            "permessage-deflate; unknown", "permessage-deflate; server_no_context_takeover=1",
            "permessage-deflate; client_max_window_bits; client_max_window_bits", "permessage-deflate;",
        ])
    func refused(_ offer: String) async throws {
        try await EchoServer.with { server in
            #expect(await FrameClient.extensions(port: await server.port, offering: offer) == nil)
        }
    }

    @Test("are not granted where the endpoint has none")
    func disabled() async throws {
        try await EchoServer.with({ $0.compresses = false }) { server in
            #expect(await FrameClient.extensions(port: await server.port, offering: Self.offer) == nil)
        }
    }

    @Test("are sent from 1 KiB to 64 KiB, to clients that want them")
    func sent() async throws {
        try await EchoServer.with { server in
            let plain = try #require(await FrameClient(port: await server.port))
            let first = try #require(await FrameClient(port: await server.port, extensions: Self.offer))
            let second = try #require(await FrameClient(port: await server.port, extensions: Self.offer))
            try await server.wait { $0.sockets.count == 3 }
            let inflater = try #require(MessageInflater())
            for (text, isCompressed) in [
                (Self.long, true), (String(repeating: "a", count: 1023), false),
                (String(repeating: "a", count: 1024), true), (String(repeating: "a", count: 65_537), false),
            ] {
                let message = EncodedMessage(.text(text))
                for socket in await server.sockets { await socket.send(message) }
                #expect(await plain.next() == .text(text))
                let frame = try #require(await first.next())
                #expect(await second.next() == frame)
                #expect(frame.first == (isCompressed ? 0xC1 : 0x81))
                guard isCompressed else { continue }
                #expect(frame.content.count < 200)
                #expect(inflater.inflate(frame.content, limit: 100_000) == .content(Array(text.utf8)))
            }
        }
    }

    @Test("are received whole or in fragments, each without what came before")
    func received() async throws {
        try await EchoServer.with { server in
            let client = try #require(await FrameClient(port: await server.port, extensions: Self.offer))
            let content = try Self.compressed(Array("Salé".utf8))
            for _ in 0..<3 {
                client.raw.send(FrameClient.frame(0xC1, content))
                #expect(await client.next() == .text("Salé"))
            }
            client.raw.send(
                FrameClient.frame(0x41, Array(content.prefix(2))) + FrameClient.frame(0x89)
                    + FrameClient.frame(0x80, Array(content.dropFirst(2))))
            #expect(await client.next() == .pong(""))
            #expect(await client.next() == .text("Salé"))
            // The standard's example of a last block (section 7.2.3.4), and one that is not compressed.
            client.raw.send(FrameClient.frame(0xC1, [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00]))
            #expect(await client.next() == .text("Hello"))
            client.raw.send(FrameClient.frame(0xC1, [0x00, 0x05, 0x00, 0xFA, 0xFF] + Array("Hello".utf8) + [0x00]))
            #expect(await client.next() == .text("Hello"))
            client.send(0x81, "plain")
            #expect(await client.next() == .text("plain"))
        }
    }

    @Test("that break a rule end the connection with the right code", arguments: 0..<8)
    func faults(_ index: Int) async throws {
        let bomb = try Self.compressed([UInt8](repeating: 0, count: 10_000_000))
        let good = try Self.compressed(Array("abc".utf8))
        let faults: [(name: String, bytes: [UInt8], code: Int)] = [
            ("a bomb", FrameClient.frame(0xC2, bomb), 1009),
            (
                "one byte over the limit",
                FrameClient.frame(0xC2, try Self.compressed([UInt8](repeating: 7, count: 50_001))), 1009
            ),
            ("what deflate does not make", FrameClient.frame(0xC2, [0xFF, 0xFF, 0xFF, 0xFF]), 1007),
            (
                "a message that is cut",
                FrameClient.frame(0xC2, Array(try Self.compressed(Array(Self.long.utf8)).dropLast(9))), 1007
            ),
            ("text that is not UTF-8", FrameClient.frame(0xC1, try Self.compressed([0x61, 0xFF])), 1007),
            ("a compressed ping", FrameClient.frame(0xC9), 1002),
            ("the bit in a continuation", FrameClient.frame(0x41, good) + FrameClient.frame(0xC0, good), 1002),
            ("another reserved bit", FrameClient.frame(0xA1, good), 1002),
        ]
        let fault = faults[index]
        try await EchoServer.with({ $0.messageSize = 50_000 }) { server in
            let client = try #require(await FrameClient(port: await server.port, extensions: Self.offer))
            client.raw.send(fault.bytes)
            #expect(await client.closeCode() == fault.code, "\(fault.name)")
            #expect(await client.raw.isClosedByServer(), "\(fault.name)")
            try await server.wait { $0.endpoint.connectionCount == 0 }
        }
    }
}
