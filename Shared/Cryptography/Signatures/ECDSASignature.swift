import COpenSSL

/// The two forms of an ECDSA signature on P-256: DER, for OpenSSL, and r and s joined, for JOSE.
enum ECDSASignature {
    private static let numberByteCount = 32

    /// r and s, 32 bytes each, of a signature that OpenSSL made.
    static func joined(fromDER der: [UInt8]) -> [UInt8] {
        let signature = der.withUnsafeBufferPointer { buffer in
            var next = buffer.baseAddress
            return d2i_ECDSA_SIG(nil, &next, buffer.count)
        }
        defer { ECDSA_SIG_free(signature) }
        return bytes(ECDSA_SIG_get0_r(signature)) + bytes(ECDSA_SIG_get0_s(signature))
    }

    /// The DER form; nil unless `joined` is 64 bytes.
    static func der(fromJoined joined: [UInt8]) -> [UInt8]? {
        guard joined.count == 2 * numberByteCount else { return nil }
        let signature = ECDSA_SIG_new()
        defer { ECDSA_SIG_free(signature) }
        let r = BN_bin2bn(Array(joined.prefix(numberByteCount)), Int32(numberByteCount), nil)
        let s = BN_bin2bn(Array(joined.suffix(numberByteCount)), Int32(numberByteCount), nil)
        OpenSSL.check(ECDSA_SIG_set0(signature, r, s))  // The signature owns both numbers now.
        var der: UnsafeMutablePointer<UInt8>?
        let count = Int(i2d_ECDSA_SIG(signature, &der))
        defer { CRYPTO_free(der, #file, #line) }
        return Array(UnsafeBufferPointer(start: der, count: count))
    }

    private static func bytes(_ number: OpaquePointer?) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: numberByteCount) { buffer, initialized in
            initialized = Int(BN_bn2binpad(number, buffer.baseAddress, Int32(numberByteCount)))
        }
    }
}
