import CZlib

/// Compression in the form of zlib (RFC 1950), which PNG prescribes.
package enum Zlib {
    /// The content compressed at once: for content of at most some hundred kilobytes. Returns nil if memory is exhausted.
    package static func compress(_ content: [UInt8]) -> [UInt8]? {
        let limit = compressBound(UInt(content.count))
        var (length, status) = (limit, Z_OK)
        let compressed = [UInt8](unsafeUninitializedCapacity: Int(limit)) { output, initialized in
            status = compress2(output.baseAddress, &length, content, UInt(content.count), Z_DEFAULT_COMPRESSION)
            initialized = status == Z_OK ? Int(length) : 0
        }
        return status == Z_OK ? compressed : nil
    }

    /// The CRC-32 of the content (ISO 3309), as PNG has it.
    package static func checksum(_ content: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32(0, content, UInt32(content.count)))
    }
}
