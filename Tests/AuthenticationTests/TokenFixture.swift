import Authentication
import Cryptography
import EventLoop
import GuichetProtocol
import Primitives
import Synchronization

/// A clock that a test sets.
final class TestClock: Sendable {
    private let instant = Mutex(Instant(seconds: 1_800_000_000))

    var now: Instant { instant.withLock { $0 } }

    func advance(by duration: Duration) { instant.withLock { $0 = $0 + duration } }
}

/// An issuer and a verifier that trust each other and share a clock, with the means to forge tokens.
struct TokenFixture {
    static let issuer = "https://guichet.test"
    static let audience = "guichet"
    static let lifetime: Duration = .seconds(600)
    static let leeway: Duration = .seconds(10)

    let clock = TestClock()
    let key = P256PrivateKey.generate()
    let userID = UserID.new()
    let sessionID = SessionID.new()
    let tenant = TenantSlug.platform

    func signer(
        issuer: String = issuer, audience: String = audience, keyID: String = "k1", key: P256PrivateKey? = nil
    ) -> TokenSigner {
        TokenSigner(
            issuer: issuer, audience: audience, keyID: keyID, key: key ?? self.key, lifetime: Self.lifetime,
            now: { [clock] in clock.now })
    }

    func token(from signer: TokenSigner? = nil, role: Role = .staff) throws -> String {
        try (signer ?? self.signer()).issue(userID: userID, tenant: tenant, role: role, sessionID: sessionID).text
    }

    func serviceToken(_ scopes: Set<Scope>, until end: Instant? = nil) throws -> TokenSigner.IssuedToken {
        try signer().issue(
            serviceAccount: userID, tenant: tenant, scopes: scopes, sessionID: sessionID, until: end)
    }

    @EventLoop func verifier(cacheLimit: Int = 100) -> TokenVerifier {
        let verifier = TokenVerifier(
            issuer: Self.issuer, audience: Self.audience, leeway: Self.leeway, cacheLimit: cacheLimit,
            now: { [clock] in clock.now })
        verifier.setKeys([signer().verificationKey])
        return verifier
    }

    /// The claims of a good token as JSON, with one member added or replaced by other text, or left out for nil.
    func claims(_ name: String = "", _ value: String? = nil) -> String {
        let now = clock.now.seconds
        let members = [
            ("iss", "\"\(Self.issuer)\""), ("aud", "\"\(Self.audience)\""), ("sub", "\"\(userID)\""),
            ("tenant", "\"\(tenant)\""), ("role", "\"staff\""), ("sid", "\"\(sessionID)\""), ("iat", "\(now)"),
            ("nbf", "\(now)"), ("exp", "\(now + 600)"), ("jti", "\"\(AccessTokenID.new())\""),
        ]
        let added = members.contains { $0.0 == name } ? [] : value.map { [(name, $0)] } ?? []
        let written = (members + added).compactMap { member in
            (member.0 == name ? value : member.1).map { "\"\(member.0)\":\($0)" }
        }
        return "{\(written.joined(separator: ","))}"
    }

    /// A token with any header and payload, signed correctly unless another signature is given.
    func forge(
        header: String = #"{"alg":"ES256","typ":"at+jwt","kid":"k1"}"#, claims: String,
        signature: (([UInt8]) -> [UInt8])? = nil
    ) -> String {
        let parts = [header, claims].map { BaseEncoding.base64URL.encode(Array($0.utf8)) }
        let signed = parts.joined(separator: ".")
        let bytes = signature.map { $0(Array(signed.utf8)) } ?? key.sign(Array(signed.utf8))
        return "\(signed).\(BaseEncoding.base64URL.encode(bytes))"
    }
}
