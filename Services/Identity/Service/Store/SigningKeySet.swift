import Authentication
import Cryptography
import FoundationEssentials
import GuichetProtocol
import IdentityDomain
import Messaging
import Postgres
import Primitives
import ServiceHost

/// Statements on the signing keys in the registry.
enum SigningKeySet {
    /// The version that was published last.
    static let version: Query<Int> = .one("SELECT version FROM signing_key_set") { try $0.get("version") }

    /// Locks the set until the transaction ends. Asked before ``keys(_:)`` by those who change it.
    static let lock = Query<Void>("SELECT version FROM signing_key_set FOR UPDATE") { _ in () }

    /// Counts a publication and locks the set until the transaction ends; returns the new version.
    static let nextVersion: Query<Int> = .one(
        "UPDATE signing_key_set SET version = version + 1 RETURNING version"
    ) { try $0.get("version") }

    /// All keys, the earliest active first.
    static func keys(_ keyRing: KeyRing) -> Query<[StoredKey]> {
        .all("SELECT id, private_key, active_at, expires_at FROM signing_keys ORDER BY active_at") {
            try StoredKey($0, keyRing)
        }
    }

    static func removeExpired(at now: Instant) -> SQL { "DELETE FROM signing_keys WHERE expires_at <= \(now)" }

    /// Has the keys that have no end yet expire.
    static func expire(at end: Instant) -> SQL {
        "UPDATE signing_keys SET expires_at = \(end) WHERE expires_at IS NULL"
    }

    /// Inserts a new private key.
    static func insert(_ key: P256PrivateKey, activeAt activation: Instant, _ keyRing: KeyRing, at now: Instant) -> SQL
    {
        let id = Identifier<StoredKey>.new(at: now).description
        let sealed = keyRing.encrypt(Array(key.pem.utf8), in: StoredKey.field(id))
        return "INSERT INTO signing_keys (id, private_key, active_at) VALUES (\(id), \(sealed), \(activation))"
    }

    /// The keys that Identity itself verifies tokens with, and the event for all other services.
    static func publication(
        of keys: [VerificationKey], version: Int, at now: Instant, causation: EventAttributes?
    ) throws -> [SQL] {
        let text = String(decoding: try JSONEncoder().encode(JSONWebKeySet(keys)), as: UTF8.self)
        return [
            VerificationKeys.record(text, version: version),
            try Outbox.record(
                SigningKeysPublished(keySet: text), of: "identity", version: version, tenant: .platform, at: now,
                causation: causation),
        ]
    }
}

/// A signing key of the registry, decrypted.
struct StoredKey: Sendable {
    let life: KeySchedule.Key
    let key: P256PrivateKey

    var verificationKey: VerificationKey { VerificationKey(id: life.id, key: key.publicKey) }

    fileprivate init(_ row: Row, _ keyRing: KeyRing) throws {
        let id: String = try row.get("id")
        life = KeySchedule.Key(id: id, activeAt: try row.get("active_at"), expiresAt: try row.find("expires_at"))
        let pem = try keyRing.decrypt(row.get("private_key"), in: Self.field(id))
        key = try P256PrivateKey(pem: String(decoding: pem, as: UTF8.self))
    }

    /// The field that a private key is encrypted for.
    fileprivate static func field(_ id: String) -> EncryptedField {
        EncryptedField(tenant: .platform, table: "signing_keys", column: "private_key", row: id)
    }
}
