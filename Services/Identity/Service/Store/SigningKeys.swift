import Authentication
import Cryptography
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import Tenancy

/// The keys that tokens are signed with, as this process last read them from the registry.
@EventLoop
final class SigningKeys {
    private let context: Dependencies
    private var privateKeys: [String: P256PrivateKey] = [:]
    private var lives: [KeySchedule.Key] = []
    /// The keys as they are published, and the version they are published with.
    private(set) var published = (keys: JSONWebKeySet([]), version: Int64(0))

    init(_ context: Dependencies) { self.context = context }

    /// Signs with the key that is in use now.
    func signer() throws -> TokenSigner {
        guard let life = KeySchedule.signingKey(among: lives, at: context.now()), let key = privateKeys[life.id] else {
            throw IdentityError.noSigningKey
        }
        let configuration = context.configuration
        return TokenSigner(
            issuer: configuration.tokenIssuer, audience: configuration.tokenAudience, keyID: life.id, key: key,
            lifetime: configuration.accessTokenLifetime, now: context.now)
    }

    /// Reads the keys again; the verifier of this process follows.
    func reload() async throws {
        let rows = try await context.directory.registry.batch([Self.version, Self.all])
        let keys = try rows[1].map { try StoredKey($0, context.keyRing) }.filter {
            $0.life.isAccepted(at: context.now())
        }
        lives = keys.map(\.life)
        privateKeys = Dictionary(uniqueKeysWithValues: keys.map { ($0.life.id, $0.key) })
        published = (JSONWebKeySet(keys.map(\.verificationKey)), try rows[0][0].get("version"))
        context.tokens.setKeys(published.keys.keys)
    }

    static let version: SQL = "SELECT version FROM signing_key_set"
    static let all: SQL = "SELECT id, private_key, active_at, expires_at FROM signing_keys ORDER BY active_at"
}

/// A signing key as it lies in the registry, decrypted.
struct StoredKey: Sendable {
    let life: KeySchedule.Key
    let key: P256PrivateKey

    var verificationKey: VerificationKey { VerificationKey(id: life.id, key: key.publicKey) }

    init(_ row: Row, _ keyRing: KeyRing) throws {
        let id: String = try row.get("id")
        life = KeySchedule.Key(id: id, activeAt: try row.get("active_at"), expiresAt: try row.find("expires_at"))
        let pem = try keyRing.decrypt(row.get("private_key"), in: Self.field(id))
        key = try P256PrivateKey(pem: String(decoding: pem, as: UTF8.self))
    }

    /// Where a private key is encrypted for.
    static func field(_ id: String) -> EncryptedField {
        EncryptedField(tenant: .platform, table: "signing_keys", column: "private_key", row: id)
    }
}
