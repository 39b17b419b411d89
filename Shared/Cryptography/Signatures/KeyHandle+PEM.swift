import COpenSSL

extension KeyHandle {
    /// The form of a key in PEM.
    enum PEMForm { case privateKey, publicKey }

    /// Reads PKCS#8 or the algorithm's older form for private keys, SubjectPublicKeyInfo for public ones.
    convenience init(pem text: String, as form: PEMForm) throws(KeyError) {
        let bytes = Array(text.utf8)
        let key: OpaquePointer? = bytes.withUnsafeBytes { buffer in
            let bio = BIO_new_mem_buf(buffer.baseAddress, Int32(buffer.count))
            defer { BIO_free(bio) }
            // Without a callback OpenSSL would ask for a passphrase on the terminal.
            return switch form {
            case .privateKey: PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil)
            case .publicKey: PEM_read_bio_PUBKEY(bio, nil, { _, _, _, _ in -1 }, nil)
            }
        }
        guard let key = key ?? OpenSSL.refused() else { throw .unreadable }
        self.init(owning: key)
    }

    /// The private key as PKCS#8, not encrypted.
    var privatePEM: String { Self.text { PEM_write_bio_PrivateKey($0, pointer, nil, nil, 0, nil, nil) } }

    /// The public key as SubjectPublicKeyInfo.
    var publicPEM: String { Self.text { PEM_write_bio_PUBKEY($0, pointer) } }

    private static func text(_ write: (OpaquePointer) -> Int32) -> String {
        let bio = OpenSSL.present(BIO_new(BIO_s_mem()))
        defer { BIO_free(bio) }
        OpenSSL.check(write(bio))
        var start: UnsafePointer<CChar>?
        let count = COpenSSL_BIO_memory(bio, &start)
        return String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }
}
