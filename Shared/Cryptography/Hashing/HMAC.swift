import COpenSSL

/// HMAC (RFC 2104).
package enum HMAC {
    /// HMAC-SHA-256 of `message`: 32 bytes. The key must not be empty; 32 random bytes are the right length.
    package static func sha256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        key.withUnsafeBufferPointer { authenticate(message, key: $0, with: .sha256) }
    }

    /// The inner hash; SHA-1 is only for the authenticator applications of RFC 6238.
    enum Hash: String, Sendable {
        case sha1 = "SHA1"
        case sha256 = "SHA256"
        case sha512 = "SHA512"

        var byteCount: Int {
            switch self {
            case .sha1: 20
            case .sha256: 32
            case .sha512: 64
            }
        }
    }

    static func authenticate(_ message: [UInt8], key: UnsafeBufferPointer<UInt8>, with hash: Hash) -> [UInt8] {
        precondition(!key.isEmpty, "a key is needed to authenticate")
        return [UInt8](unsafeUninitializedCapacity: hash.byteCount) { code, initialized in
            let written = EVP_Q_mac(
                nil, "HMAC", nil, hash.rawValue, nil, key.baseAddress, key.count, message, message.count,
                code.baseAddress, code.count, &initialized)
            OpenSSL.check(written == nil ? 0 : 1)
        }
    }
}
