import COpenSSL

/// A public RSA key of 2048 to 8192 bits, which verifies signatures of ``RSAPrivateKey``.
package struct RSAPublicKey: Sendable {
    static let permittedBits = 2048...8192

    private let handle: KeyHandle

    /// Reads SubjectPublicKeyInfo (`BEGIN PUBLIC KEY`).
    package init(pem: String) throws(KeyError) {
        let handle = try KeyHandle(pem: pem, as: .publicKey)
        guard Self.isPermitted(handle) else { throw .wrongKind }
        self.init(handle)
    }

    /// The public half of a permitted key.
    init(_ handle: KeyHandle) { self.handle = handle }

    static func isPermitted(_ handle: KeyHandle) -> Bool {
        EVP_PKEY_is_a(handle.pointer, "RSA") == 1 && permittedBits.contains(Int(EVP_PKEY_get_bits(handle.pointer)))
    }

    /// SubjectPublicKeyInfo, for other verifiers.
    package var pem: String { handle.publicPEM }

    /// True if `signature` is one of SHA-256 of `message` by this key.
    package func isValid(signature: [UInt8], for message: [UInt8]) -> Bool { handle.isValid(signature, for: message) }
}
