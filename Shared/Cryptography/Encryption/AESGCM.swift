import COpenSSL

/// AES-256 in Galois/Counter Mode (NIST SP 800-38D) with a 12-byte nonce and a 16-byte tag.
///
/// A nonce must never be used twice with one key; ``KeyRing`` ensures this.
enum AESGCM {
    static let nonceByteCount = 12
    static let tagByteCount = 16

    /// The ciphertext, as long as `plaintext`, followed by the tag.
    static func seal(_ plaintext: [UInt8], key: SecretKey, nonce: [UInt8], authenticating data: [UInt8]) -> [UInt8] {
        let context = OpenSSL.present(EVP_CIPHER_CTX_new())
        defer { EVP_CIPHER_CTX_free(context) }
        key.withBytes { OpenSSL.check(EVP_EncryptInit_ex2(context, OpenSSL.aes256GCM, $0.baseAddress, nonce, nil)) }
        return [UInt8](unsafeUninitializedCapacity: plaintext.count + tagByteCount) { sealed, initialized in
            var written: Int32 = 0
            if !data.isEmpty { OpenSSL.check(EVP_EncryptUpdate(context, nil, &written, data, Int32(data.count))) }
            if !plaintext.isEmpty {
                OpenSSL.check(
                    EVP_EncryptUpdate(context, sealed.baseAddress, &written, plaintext, Int32(plaintext.count)))
            }
            let tag = sealed.baseAddress.map { $0 + plaintext.count }
            OpenSSL.check(EVP_EncryptFinal_ex(context, tag, &written))
            OpenSSL.check(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tagByteCount), tag))
            initialized = plaintext.count + tagByteCount
        }
    }

    /// The plaintext; nil unless `sealed` was made with this key, nonce and data.
    static func open(
        _ sealed: ArraySlice<UInt8>, key: SecretKey, nonce: [UInt8], authenticating data: [UInt8]
    ) -> [UInt8]? {
        guard sealed.count >= tagByteCount else { return nil }
        let ciphertext = Array(sealed.dropLast(tagByteCount))
        var tag = Array(sealed.suffix(tagByteCount))
        let context = OpenSSL.present(EVP_CIPHER_CTX_new())
        defer { EVP_CIPHER_CTX_free(context) }
        key.withBytes { OpenSSL.check(EVP_DecryptInit_ex2(context, OpenSSL.aes256GCM, $0.baseAddress, nonce, nil)) }
        OpenSSL.check(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tagByteCount), &tag))
        var isAuthentic = false
        // OpenSSL needs an output buffer even if there is nothing to decrypt.
        let plaintext = [UInt8](unsafeUninitializedCapacity: max(1, ciphertext.count)) { opened, initialized in
            var written: Int32 = 0
            if !data.isEmpty { OpenSSL.check(EVP_DecryptUpdate(context, nil, &written, data, Int32(data.count))) }
            if !ciphertext.isEmpty {
                OpenSSL.check(
                    EVP_DecryptUpdate(context, opened.baseAddress, &written, ciphertext, Int32(ciphertext.count)))
            }
            isAuthentic = EVP_DecryptFinal_ex(context, opened.baseAddress, &written) == 1
            initialized = ciphertext.count
        }
        return isAuthentic ? plaintext : OpenSSL.refused()
    }
}
