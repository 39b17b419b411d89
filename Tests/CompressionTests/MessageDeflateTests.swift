import Compression
import Testing

@Suite("Messages of permessage-deflate")
struct MessageDeflateTests {
    private static func content(_ length: Int) -> [UInt8] {
        (0..<length).map { UInt8(truncatingIfNeeded: $0 / 3 &* 31 ^ $0 / 4096) }
    }

    @Test("are the same after compression, whatever their length", arguments: [0, 1, 1000, 16_384, 65_536, 300_000])
    func roundTrip(length: Int) throws {
        let (deflater, inflater) = (
            try #require(MessageDeflater(windowBits: 12)), try #require(MessageInflater())
        )
        let content = Self.content(length)
        for _ in 0..<3 {
            let message = try #require(deflater.deflate(content))
            #expect(length < 16_384 || message.count < length / 2)
            #expect(inflater.inflate(message, limit: length) == .content(content))
        }
    }

    @Test("do not refer to those before")
    func independence() throws {
        let deflater = try #require(MessageDeflater(windowBits: 15))
        let first = deflater.deflate(Self.content(5000))
        _ = deflater.deflate(Self.content(70_000))
        #expect(deflater.deflate(Self.content(5000)) == first)
    }

    @Test(
        "as the standard has them are read",
        arguments: [[0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00]])
    func examples(_ message: [UInt8]) throws {
        #expect(try #require(MessageInflater()).inflate(message, limit: 5) == .content(Array("Hello".utf8)))
    }

    @Test("over the limit, cut or corrupt are refused, and the next one is read")
    func refusals() throws {
        let (deflater, inflater) = (
            try #require(MessageDeflater(windowBits: 15)), try #require(MessageInflater())
        )
        let message = try #require(deflater.deflate(Self.content(5000)))
        #expect(inflater.inflate(message, limit: 4999) == .overLimit)
        let bomb = try #require(deflater.deflate([UInt8](repeating: 0, count: 50_000_000)))
        #expect(inflater.inflate(bomb, limit: 65_536) == .overLimit)
        #expect(inflater.inflate(Array(message.dropLast(20)), limit: 5000) != .content(Self.content(5000)))
        #expect(inflater.inflate([0xFF, 0xFF], limit: 5000) == .malformed)
        #expect(inflater.inflate(message, limit: 5000) == .content(Self.content(5000)))
    }
}
