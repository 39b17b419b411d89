import COpenSSL

/// Unpredictable bytes from OpenSSL's generator.
package enum RandomBytes {
    /// `count` fresh bytes, for keys, salts, nonces and opaque tokens.
    package static func make(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            OpenSSL.check(RAND_bytes(buffer.baseAddress, Int32(count)))
            initialized = count
        }
    }
}
