import Authentication
import Cryptography
import EventLoop
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// The signing keys as this process last read them from the registry.
@EventLoop
final class SigningKeys {
    private let context: ServiceContext
    private let tokenLifetime: Duration
    private var privateKeys: [String: P256PrivateKey] = [:]
    private var lives: [KeySchedule.Key] = []
    /// The public keys, and the version they are published with.
    private(set) var published = (keys: JSONWebKeySet([]), version: 0)

    init(_ context: ServiceContext, tokenLifetime: Duration) {
        (self.context, self.tokenLifetime) = (context, tokenLifetime)
    }

    /// Signs with the key that is in use now. Throws ``IdentityError/noSigningKey`` if there is none.
    func signer() throws -> TokenSigner {
        guard let life = KeySchedule.signingKey(among: lives, at: context.now), let key = privateKeys[life.id] else {
            throw IdentityError.noSigningKey
        }
        let (platform, clock) = (context.platform, context.platform.clock)
        return TokenSigner(
            issuer: platform.tokenIssuer, audience: platform.tokenAudience, keyID: life.id, key: key,
            lifetime: tokenLifetime, now: { clock.now })
    }

    /// Reads the keys, and gives them to the token verifier of this process.
    func reload() async throws {
        let (version, stored) = try await context.registry.ask(
            SigningKeySet.version, SigningKeySet.keys(context.platform.keyRing))
        let keys = stored.filter { $0.life.isAccepted(at: context.now) }
        lives = keys.map(\.life)
        privateKeys = Dictionary(uniqueKeysWithValues: keys.map { ($0.life.id, $0.key) })
        published = (JSONWebKeySet(keys.map(\.verificationKey)), version)
        context.platform.tokens.setKeys(published.keys.keys)
    }
}
