import CZlib

/// Compression in the form of gzip (RFC 1952).
package enum Gzip {
    /// As quick as level 1 for JSON and a fifth smaller; level 6 takes twice the time for another sixth.
    static let level: Int32 = 3
    private static let pieceSize = 256 * 1024

    /// The content compressed, or nil if memory is exhausted. Between pieces of 256 KiB, which take about a millisecond
    /// each, the executor may run other tasks.
    package static func compress(_ content: [UInt8]) async -> [UInt8]? {
        guard let stream = GzipStream(level: level) else { return nil }
        var compressed: [UInt8] = []
        compressed.reserveCapacity(content.count / 8)
        var start = 0
        while content.count - start > pieceSize {
            stream.write(content[start..<start + pieceSize], to: &compressed)
            start += pieceSize
            await Task.yield()
        }
        stream.finish(content[start...], to: &compressed)
        return compressed
    }
}

/// One run of zlib's compressor.
private final class GzipStream {
    // zlib keeps the address of this structure.
    private let stream: UnsafeMutablePointer<z_stream>

    /// Returns nil if memory is exhausted.
    init?(level: Int32) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard guichet_start_gzip(stream, level) == Z_OK else {
            stream.deallocate()
            return nil
        }
        self.stream = stream
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Compresses a piece; a part of its output may come with a later piece.
    func write(_ piece: ArraySlice<UInt8>, to output: inout [UInt8]) { deflate(piece, Z_NO_FLUSH, to: &output) }

    /// Compresses the last piece, which may be empty.
    func finish(_ piece: ArraySlice<UInt8>, to output: inout [UInt8]) { deflate(piece, Z_FINISH, to: &output) }

    private func deflate(_ piece: ArraySlice<UInt8>, _ flush: Int32, to output: inout [UInt8]) {
        piece.withUnsafeBufferPointer { input in
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.pointee.avail_in = UInt32(input.count)
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32 * 1024) { buffer in
                repeat {
                    stream.pointee.next_out = buffer.baseAddress
                    stream.pointee.avail_out = UInt32(buffer.count)
                    CZlib.deflate(stream, flush)
                    output += buffer[..<(buffer.count - Int(stream.pointee.avail_out))]
                } while stream.pointee.avail_out == 0
            }
        }
    }
}
