import COpenSSL

/// Owns one key of OpenSSL, private or public, and frees it.
final class KeyHandle: Sendable {
    // Safety: a key is not changed after it is made; OpenSSL lets several threads use one concurrently.
    nonisolated(unsafe) let pointer: OpaquePointer

    /// Takes ownership of the reference.
    init(owning pointer: OpaquePointer) { self.pointer = pointer }

    deinit { EVP_PKEY_free(pointer) }

    /// Generates a key pair; `configure` sets the parameters of the algorithm.
    static func generate(_ algorithm: String, configure: (OpaquePointer) -> Int32) -> KeyHandle {
        let context = OpenSSL.present(EVP_PKEY_CTX_new_from_name(nil, algorithm, nil))
        defer { EVP_PKEY_CTX_free(context) }
        OpenSSL.check(EVP_PKEY_keygen_init(context))
        OpenSSL.check(configure(context))
        var key: OpaquePointer?
        OpenSSL.check(EVP_PKEY_generate(context, &key))
        return KeyHandle(owning: OpenSSL.present(key))
    }

    /// The signature of SHA-256 of `message`, in the algorithm's own form.
    func sign(_ message: [UInt8]) -> [UInt8] {
        let context = OpenSSL.present(EVP_MD_CTX_new())
        defer { EVP_MD_CTX_free(context) }
        OpenSSL.check(EVP_DigestSignInit(context, nil, OpenSSL.sha256, nil, pointer))
        return [UInt8](unsafeUninitializedCapacity: Int(EVP_PKEY_get_size(pointer))) { signature, initialized in
            initialized = signature.count
            OpenSSL.check(EVP_DigestSign(context, signature.baseAddress, &initialized, message, message.count))
        }
    }

    /// True if `signature`, in the algorithm's own form, is one of SHA-256 of `message` by this key.
    func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool {
        let context = OpenSSL.present(EVP_MD_CTX_new())
        defer { EVP_MD_CTX_free(context) }
        OpenSSL.check(EVP_DigestVerifyInit(context, nil, OpenSSL.sha256, nil, pointer))
        let status = EVP_DigestVerify(context, signature, signature.count, message, message.count)
        ERR_clear_error()
        return status == 1
    }
}
