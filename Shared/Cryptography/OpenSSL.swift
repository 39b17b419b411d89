import COpenSSL

/// What all uses of OpenSSL in this module share: algorithms fetched once, and the handling of failures.
enum OpenSSL {
    // Safety: a fetched algorithm never changes and is kept for the life of the process.
    nonisolated(unsafe) static let sha256 = present(EVP_MD_fetch(nil, "SHA256", nil))
    // Safety: as above.
    nonisolated(unsafe) static let aes256GCM = present(EVP_CIPHER_fetch(nil, "AES-256-GCM", nil))
    // Safety: as above.
    nonisolated(unsafe) static let hmac = present(EVP_MAC_fetch(nil, "HMAC", nil))

    /// Traps if a call failed. With the arguments that this module passes, that only happens without memory or entropy.
    static func check(_ status: Int32) {
        precondition(status == 1, "OpenSSL failed with code \(ERR_peek_last_error())")
    }

    /// Unwraps an object made by OpenSSL; making one fails only as in ``check(_:)``.
    static func present(_ object: OpaquePointer?) -> OpaquePointer {
        guard let object else { preconditionFailure("OpenSSL failed with code \(ERR_peek_last_error())") }
        return object
    }

    /// Clears the errors that a refused input left on this thread and returns nil: libpq's TLS would take them for its
    /// own.
    static func refused<T>() -> T? {
        ERR_clear_error()
        return nil
    }
}
