import COpenSSL
import Synchronization

extension HMAC {
    /// A key that authenticates many messages with SHA-256: what depends on the key alone is computed once.
    final class Key: Sendable {
        // Safety: used under the mutex, by one thread at a time.
        nonisolated(unsafe) private let context: OpaquePointer
        private let turn = Mutex<Void>(())

        init(_ secret: SecretKey) {
            let context = OpenSSL.present(EVP_MAC_CTX_new(OpenSSL.hmac))
            secret.withBytes { key in
                precondition(!key.isEmpty, "a key is needed to authenticate")
                OpenSSL.check(COpenSSL_HMAC_begin(context, Hash.sha256.rawValue, key.baseAddress, key.count))
            }
            self.context = context
        }

        deinit { EVP_MAC_CTX_free(context) }

        /// HMAC-SHA-256 of `message`: 32 bytes.
        func authenticate(_ message: [UInt8]) -> [UInt8] {
            turn.withLock { _ in
                [UInt8](unsafeUninitializedCapacity: Hash.sha256.byteCount) { code, initialized in
                    // Without a key it begins a message under the one before.
                    OpenSSL.check(EVP_MAC_init(context, nil, 0, nil))
                    OpenSSL.check(EVP_MAC_update(context, message, message.count))
                    OpenSSL.check(EVP_MAC_final(context, code.baseAddress, &initialized, code.count))
                }
            }
        }
    }
}
