import COpenSSL

/// What every use of OpenSSL in this module shares: algorithms fetched once, and one answer to each kind of failure.
enum OpenSSL {
    // Safety: a fetched algorithm never changes and is kept for the life of the process.
    nonisolated(unsafe) static let sha256 = present(EVP_MD_fetch(nil, "SHA256", nil))
    // Safety: as above.
    nonisolated(unsafe) static let aes256GCM = present(EVP_CIPHER_fetch(nil, "AES-256-GCM", nil))

    /// Traps when a call failed that, with the arguments this module passes, fails only for want of memory or entropy.
    static func check(_ status: Int32) {
        precondition(status == 1, "OpenSSL failed with code \(ERR_peek_last_error())")
    }

    /// The object OpenSSL made; making one fails only as ``check(_:)`` says.
    static func present(_ object: OpaquePointer?) -> OpaquePointer {
        guard let object else { preconditionFailure("OpenSSL failed with code \(ERR_peek_last_error())") }
        return object
    }

    /// Forgets the errors that a refused input left on this thread: libpq's TLS would take them for its own.
    static func refused<T>() -> T? {
        ERR_clear_error()
        return nil
    }
}
