import COpenSSL

/// A private RSA key, for signatures by RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2; RS256 of JOSE).
package struct RSAPrivateKey: Sendable {
    private let handle: KeyHandle

    /// The public half.
    package var publicKey: RSAPublicKey { RSAPublicKey(handle) }

    /// Generates a key of `bits` bits, 2048 to 8192. Blocks for a large part of a second: call it in a `BlockingPool`.
    package static func generate(bits: Int) -> RSAPrivateKey {
        precondition(RSAPublicKey.permittedBits.contains(bits), "an RSA key has 2048 to 8192 bits")
        return RSAPrivateKey(KeyHandle.generate("RSA") { EVP_PKEY_CTX_set_rsa_keygen_bits($0, Int32(bits)) })
    }

    /// Reads PKCS#8 (`BEGIN PRIVATE KEY`) or PKCS#1 (`BEGIN RSA PRIVATE KEY`).
    package init(pem: String) throws(KeyError) {
        let handle = try KeyHandle(pem: pem, as: .privateKey)
        guard RSAPublicKey.isPermitted(handle) else { throw .wrongKind }
        self.init(handle)
    }

    private init(_ handle: KeyHandle) { self.handle = handle }

    /// PKCS#8, not encrypted: keep it secret.
    package var pem: String { handle.privatePEM }

    /// The signature of SHA-256 of `message`, as long as the key: 256 bytes for 2048 bits.
    package func sign(_ message: [UInt8]) -> [UInt8] { handle.sign(message) }
}
