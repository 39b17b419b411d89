import Cryptography
import IdentityDomain
import Primitives

/// The password of a subscriber at the broker.
///
/// It is derived from a random seed and the key of the blind indexes. The seed is stored as the answer under the
/// idempotency key of the request, so that a client that lost the answer can be given the password again; the password is
/// stored nowhere, and the seed alone does not tell it.
struct BrokerPassword: Sendable {
    private static let (saltLength, seedLength) = (4, 32)

    /// As the subscriber sends it: 43 characters.
    let text: String

    /// The password of a seed.
    init(_ seed: String, of subscriber: SubscriberID, _ vault: Vault) {
        let digest = vault.blindIndex.digest(
            of: "\(subscriber) \(seed)", tenant: vault.tenant, label: "subscriber.password")
        text = BaseEncoding.base64URL.encode(digest)
    }

    /// A new seed.
    static func seed() -> String { BaseEncoding.base64URL.encode(RandomBytes.make(seedLength)) }

    /// What the broker and the database store (`rabbit_password_hashing_sha256`). The password is random, so one round of
    /// SHA-256 is enough.
    func hash() -> String { hash(salt: RandomBytes.make(Self.saltLength)) }

    /// Whether `hash` was made of this password.
    func matches(_ hash: String) -> Bool {
        guard let bytes = BaseEncoding.base64.decode(hash), bytes.count > Self.saltLength else { return false }
        return self.hash(salt: Array(bytes.prefix(Self.saltLength))) == hash
    }

    private func hash(salt: [UInt8]) -> String {
        // 36 bytes: Base64 needs no padding.
        BaseEncoding.base64.encode(salt + SHA256.hash(salt + Array(text.utf8)))
    }
}
