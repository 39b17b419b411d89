import COpenSSL

/// A private ECDSA key on P-256, for signatures in JOSE's form (ES256, RFC 7518 section 3.4).
package struct P256PrivateKey: Sendable {
    private let handle: KeyHandle

    /// The public half.
    package let publicKey: P256PublicKey

    /// Generates a key.
    package static func generate() -> P256PrivateKey {
        P256PrivateKey(KeyHandle.generate("EC") { EVP_PKEY_CTX_set_group_name($0, P256PublicKey.groupName) })
    }

    /// Reads PKCS#8 (`BEGIN PRIVATE KEY`) or SEC 1 (`BEGIN EC PRIVATE KEY`).
    package init(pem: String) throws(KeyError) {
        let handle = try KeyHandle(pem: pem, as: .privateKey)
        guard P256PublicKey.isOnP256(handle) else { throw .wrongKind }
        self.init(handle)
    }

    private init(_ handle: KeyHandle) {
        self.handle = handle
        publicKey = P256PublicKey(of: handle)
    }

    /// PKCS#8, not encrypted: keep it secret.
    package var pem: String { handle.privatePEM }

    /// The signature of SHA-256 of `message`: r and s, 32 bytes each.
    package func sign(_ message: [UInt8]) -> [UInt8] { ECDSASignature.joined(fromDER: handle.sign(message)) }
}
