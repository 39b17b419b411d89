import COpenSSL

/// A public ECDSA key on P-256, in the form of a JSON Web Key: two coordinates of 32 bytes.
package struct P256PublicKey: Sendable {
    static let groupName = "prime256v1"
    /// SubjectPublicKeyInfo of a P-256 key (RFC 5480) up to the coordinates.
    private static let derPrefix: [UInt8] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48,
        0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
    ]
    private static let coordinateByteCount = 32

    private let handle: KeyHandle

    /// The first coordinate, 32 bytes with the most significant first.
    package let x: [UInt8]
    /// The second coordinate, in the same form.
    package let y: [UInt8]

    /// The key at a point. Throws ``KeyError/notOnCurve`` if the point is not on the curve.
    package init(x: [UInt8], y: [UInt8]) throws(KeyError) {
        guard x.count == Self.coordinateByteCount, y.count == Self.coordinateByteCount else { throw .notOnCurve }
        let der = Self.derPrefix + x + y
        let key = der.withUnsafeBufferPointer { buffer in
            var next = buffer.baseAddress
            return d2i_PUBKEY(nil, &next, buffer.count)
        }
        guard let key = key ?? OpenSSL.refused() else { throw .notOnCurve }
        (handle, self.x, self.y) = (KeyHandle(owning: key), x, y)
    }

    /// The public half of a key on P-256.
    init(of handle: KeyHandle) {
        var der: UnsafeMutablePointer<UInt8>?
        let count = Int(i2d_PUBKEY(handle.pointer, &der))
        defer { CRYPTO_free(der, #file, #line) }
        let coordinates = UnsafeBufferPointer(start: der, count: count).suffix(2 * Self.coordinateByteCount)
        self.handle = handle
        x = Array(coordinates.prefix(Self.coordinateByteCount))
        y = Array(coordinates.suffix(Self.coordinateByteCount))
    }

    static func isOnP256(_ handle: KeyHandle) -> Bool {
        var name = [CChar](repeating: 0, count: 32)
        var length = 0
        let status = EVP_PKEY_get_group_name(handle.pointer, &name, name.count, &length)
        guard status == 1 else { return OpenSSL.refused() ?? false }
        return name.prefix(length).elementsEqual(groupName.utf8.map(CChar.init(bitPattern:)))
    }

    /// True if `signature` (r and s, 32 bytes each) is one of SHA-256 of `message` by this key.
    package func isValid(signature: [UInt8], for message: [UInt8]) -> Bool {
        guard let der = ECDSASignature.der(fromJoined: signature) else { return false }
        return handle.isValid(der, for: message)
    }
}

extension P256PublicKey: Equatable {
    package static func == (left: P256PublicKey, right: P256PublicKey) -> Bool {
        left.x == right.x && left.y == right.y
    }
}
