import COpenSSL

/// The bytes of a symmetric key: wiped from memory when the last reference is released, and never printed.
final class SecretKey: Sendable {
    // Safety: written only before `init` returns and after the last reference is released, only read in between.
    nonisolated(unsafe) private let storage: UnsafeMutableBufferPointer<UInt8>

    init(_ bytes: [UInt8]) {
        storage = .allocate(capacity: bytes.count)
        _ = storage.initialize(from: bytes)
    }

    deinit {
        OPENSSL_cleanse(storage.baseAddress, storage.count)
        storage.deallocate()
    }

    /// Passes the bytes to `body`; the pointer must not escape it.
    func withBytes<T>(_ body: (UnsafeBufferPointer<UInt8>) -> T) -> T { body(UnsafeBufferPointer(storage)) }
}

extension SecretKey {
    /// The length of every key in the configuration.
    static let byteCount = 32

    /// Reads 32 bytes in Base64, with or without the final `=`; returns nil for anything else.
    convenience init?(base64 text: some StringProtocol) {
        let unpadded = text.hasSuffix("=") ? String(text.dropLast()) : String(text)
        guard let bytes = BaseEncoding.base64.decode(unpadded), bytes.count == Self.byteCount else { return nil }
        self.init(bytes)
    }
}
