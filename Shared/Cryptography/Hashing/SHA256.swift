import COpenSSL

/// SHA-256 (FIPS 180-4).
package enum SHA256 {
    /// The length of a digest.
    package static let byteCount = 32

    /// The digest of `message`: 32 bytes.
    package static func hash(_ message: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: byteCount) { digest, initialized in
            OpenSSL.check(EVP_Digest(message, message.count, digest.baseAddress, nil, OpenSSL.sha256, nil))
            initialized = byteCount
        }
    }

    /// The digest of `message` as 64 lower-case hexadecimal digits.
    package static func hexadecimal(_ message: [UInt8]) -> String { BaseEncoding.hexadecimal.encode(hash(message)) }
}
