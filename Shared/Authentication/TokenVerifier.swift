import Cryptography
package import EventLoop
package import GuichetProtocol
package import Primitives

/// Verifies the access token of every request.
///
/// A signature check costs about 0.1 ms, so each token is verified once and cached; its times, issuer and audience are
/// still checked on every call.
@EventLoop
package final class TokenVerifier {
    private let issuer: String
    private let audience: String
    private let leeway: Duration
    private let now: @Sendable () -> Instant
    private var keys: [String: VerificationKey] = [:]
    private var verified: TokenCache
    private var ended: EndedSessions

    /// Accepts tokens of `issuer` for `audience`, once it has keys. Clocks may differ by `leeway`, at most 30 s. Caches
    /// at most `cacheLimit` tokens of about 400 bytes each, and keeps at most `endedLimit` ended sessions of about 40.
    package nonisolated init(
        issuer: String, audience: String, leeway: Duration, cacheLimit: Int, endedLimit: Int = 100_000,
        now: @escaping @Sendable () -> Instant = { .now }
    ) {
        precondition(leeway >= .zero && leeway <= .seconds(30), "clocks may differ by 0 to 30 s")
        self.issuer = issuer
        self.audience = audience
        self.leeway = leeway
        self.now = now
        verified = TokenCache(limit: cacheLimit)
        ended = EndedSessions(limit: endedLimit)
    }

    /// Replaces all keys. Tokens that were verified with a removed key are no longer accepted.
    package func setKeys(_ newKeys: [VerificationKey]) {
        let byID = Dictionary(newKeys.map { ($0.id, $0) }) { first, _ in first }
        guard byID != keys else { return }
        keys = byID
        // Verifying the tokens of the remaining keys again is cheap, and no stale one can be accepted.
        verified.removeAll()
    }

    /// The number of sessions whose tokens are refused.
    package var endedCount: Int { ended.count }

    /// Whether the tokens of this session are refused, for connections that a token has opened.
    package func hasEnded(_ session: SessionID) -> Bool { ended.contains(session) }

    /// Refuses the tokens of these sessions from now on, until the last of them has expired.
    package func refuse(_ sessions: [EndedSession]) {
        let now = now()
        ended.removeExpired(at: now)
        ended.insert(sessions, at: now)
    }

    /// Returns the principal of a token. `token` is the compact form alone, without the word `Bearer`.
    package func verify(_ token: String) throws(TokenError) -> Principal {
        guard token.utf8.count <= AccessToken.maximumByteCount else { throw .malformed }
        let digest = SHA256.hash(Array(token.utf8))
        if let claims = verified[digest] {
            try check(claims)
            return claims.principal
        }
        let claims = try authenticClaims(of: token)
        try check(claims)
        verified.insert(claims, for: digest)
        return claims.principal
    }

    /// Returns the claims after verifying the signature.
    private func authenticClaims(of token: String) throws(TokenError) -> AccessToken.Claims {
        let parts = token.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .malformed }
        let header = try AccessToken.read(parts[0], as: AccessToken.Header.self)
        guard header.isAcceptable, let signature = BaseEncoding.base64URL.decode(parts[2]) else { throw .malformed }
        guard let key = keys[header.kid] else { throw .unknownKey }
        let signed = Array(token.utf8.dropLast(parts[2].utf8.count + 1))
        guard key.key.isValid(signature: signature, for: signed) else { throw .badSignature }
        let claims = try AccessToken.read(parts[1], as: AccessToken.Claims.self)
        guard claims.isPlausible else { throw .malformed }
        return claims
    }

    private func check(_ claims: AccessToken.Claims) throws(TokenError) {
        guard claims.iss == issuer else { throw .wrongIssuer }
        guard claims.aud == audience else { throw .wrongAudience }
        let instant = now()
        guard instant < Instant(seconds: claims.exp) + leeway else { throw .expired }
        guard instant >= Instant(seconds: claims.nbf) - leeway else { throw .notYetValid }
        guard !ended.contains(claims.sid) else { throw .sessionEnded(claims.principal) }
    }
}
