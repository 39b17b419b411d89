import COpenSSL

/// SHA-1 (FIPS 180-4). Broken as a digest: only for protocols that prescribe it where nothing depends on its strength.
package enum SHA1 {
    /// The length of a digest.
    package static let byteCount = 20

    /// The digest of `message`: 20 bytes.
    package static func hash(_ message: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: byteCount) { digest, initialized in
            OpenSSL.check(EVP_Digest(message, message.count, digest.baseAddress, nil, EVP_sha1(), nil))
            initialized = byteCount
        }
    }
}
