import Compression
import EventLoop

/// The compressor and the decompressor of all connections: no message refers to another, so there is one of each.
@EventLoop
enum MessageCodec {
    private static let deflater = MessageDeflater(windowBits: Int32(DeflateOffer.windowBits))
    private static let inflater = MessageInflater()

    /// Returns nil if the content could not be compressed.
    static func deflate(_ content: [UInt8]) -> [UInt8]? { deflater?.deflate(content) }

    /// Decompresses a message; content over `limit` bytes is not made.
    static func inflate(_ message: [UInt8], limit: Int) -> MessageInflater.Result {
        inflater?.inflate(message, limit: limit) ?? .overLimit
    }
}
