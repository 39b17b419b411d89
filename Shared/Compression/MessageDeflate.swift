import CZlib

/// Compresses messages one by one as permessage-deflate does (RFC 7692 section 7.2.1): none refers to an earlier one.
package final class MessageDeflater {
    private let stream: ZlibStream

    /// - Parameter windowBits: the base-2 logarithm of the window, 9 to 15: how far back repetitions are found.
    /// Returns nil if memory is exhausted.
    package init?(windowBits: Int32) {
        guard let stream = ZlibStream({ guichet_start_deflate($0, Gzip.level, windowBits) }, end: deflateEnd) else {
            return nil
        }
        self.stream = stream
    }

    /// Returns the message compressed, or nil if that failed.
    package func deflate(_ message: [UInt8]) -> [UInt8]? {
        deflateReset(stream.pointer)
        var output: [UInt8] = []
        output.reserveCapacity(message.count / 4 + 64)
        let (code, _) = stream.run(message, to: &output, limit: .max) { CZlib.deflate($0, Z_SYNC_FLUSH) }
        guard code == Z_OK || code == Z_BUF_ERROR, output.suffix(4).elementsEqual(MessageInflater.tail) else {
            return nil
        }
        output.removeLast(4)
        return output
    }
}

/// Decompresses messages of permessage-deflate one by one (RFC 7692 section 7.2.2).
package final class MessageInflater {
    /// What became of a message.
    package enum Result: Equatable, Sendable {
        case content([UInt8])
        /// The content is longer than is permitted.
        case overLimit
        /// It is not what deflate makes.
        case malformed
    }

    /// The empty block that ends each message and is not sent.
    static let tail: [UInt8] = [0, 0, 0xFF, 0xFF]

    private let stream: ZlibStream

    /// Returns nil if memory is exhausted.
    package init?() {
        guard let stream = ZlibStream({ guichet_start_inflate($0) }, end: inflateEnd) else { return nil }
        self.stream = stream
    }

    /// Decompresses a message. Content over `limit` bytes is not made.
    package func inflate(_ message: [UInt8], limit: Int) -> Result {
        inflateReset(stream.pointer)
        var output: [UInt8] = []
        let input = message + Self.tail
        let (code, rest) = stream.run(input, to: &output, limit: limit) { CZlib.inflate($0, Z_SYNC_FLUSH) }
        guard output.count <= limit else { return .overLimit }
        switch code {
        case Z_OK, Z_BUF_ERROR: return rest == 0 && stream.isBetweenBlocks ? .content(output) : .malformed
        // A last block may end the message: an empty one follows, which is the tail alone, or begins with one more byte.
        case Z_STREAM_END: return rest <= Self.tail.count + 1 ? .content(output) : .malformed
        default: return .malformed
        }
    }
}

/// A stream of zlib and the memory that it keeps from one run to the next.
private final class ZlibStream {
    // zlib keeps the address of this structure.
    let pointer: UnsafeMutablePointer<z_stream>
    private let end: (UnsafeMutablePointer<z_stream>) -> Int32

    /// Returns nil if `begin` fails.
    init?(
        _ begin: (UnsafeMutablePointer<z_stream>) -> Int32,
        end: @escaping (UnsafeMutablePointer<z_stream>) -> Int32
    ) {
        let pointer = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        pointer.initialize(to: z_stream())
        guard begin(pointer) == Z_OK else {
            pointer.deallocate()
            return nil
        }
        (self.pointer, self.end) = (pointer, end)
    }

    deinit {
        _ = end(pointer)
        pointer.deallocate()
    }

    /// Whether a decompressor has read whole blocks (zlib.h, `inflate` with `Z_BLOCK`).
    var isBetweenBlocks: Bool { pointer.pointee.data_type & 128 != 0 }

    /// Another step would find nothing to do, and lose the mark.
    private var hasReadAll: Bool { pointer.pointee.avail_in == 0 && isBetweenBlocks }

    /// Runs `step` until it has taken the input and given all output, or more than `limit` bytes. Returns the last code
    /// and how much input is left.
    func run(
        _ input: [UInt8], to output: inout [UInt8], limit: Int, _ step: (UnsafeMutablePointer<z_stream>) -> Int32
    ) -> (code: Int32, rest: Int) {
        input.withUnsafeBufferPointer { input in
            pointer.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            pointer.pointee.avail_in = UInt32(input.count)
            return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16 * 1024) { buffer in
                var code = Z_OK
                repeat {
                    pointer.pointee.next_out = buffer.baseAddress
                    pointer.pointee.avail_out = UInt32(buffer.count)
                    code = step(pointer)
                    output += buffer[..<(buffer.count - Int(pointer.pointee.avail_out))]
                } while code == Z_OK && pointer.pointee.avail_out == 0 && output.count <= limit && !hasReadAll
                return (code, Int(pointer.pointee.avail_in))
            }
        }
    }
}
