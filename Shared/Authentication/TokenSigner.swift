package import Cryptography
package import GuichetProtocol
package import Primitives

/// Issues access tokens: JWTs signed with ES256, which every service verifies without calling another.
package struct TokenSigner: Sendable {
    /// The longest permitted lifetime: 15 minutes.
    package static let maximumLifetime = AccessToken.maximumLifetime

    private let issuer: String
    private let audience: String
    private let keyID: String
    private let key: P256PrivateKey
    private let lifetime: Duration
    private let now: @Sendable () -> Instant

    /// A token in its compact form, and its content.
    package struct IssuedToken: Sendable {
        /// The token as the client sends it after `Bearer`.
        package let text: String
        /// The user that it stands for, and its expiry.
        package let principal: Principal
    }

    /// Signs with `key`, which verifiers know as `keyID`. `lifetime` is one second to ``maximumLifetime``, in whole
    /// seconds; traps otherwise.
    package init(
        issuer: String, audience: String, keyID: String, key: P256PrivateKey, lifetime: Duration,
        now: @escaping @Sendable () -> Instant = { .now }
    ) {
        precondition(
            lifetime >= .seconds(1) && lifetime <= Self.maximumLifetime, "an access token lives 1 s to 15 min")
        self.issuer = issuer
        self.audience = audience
        self.keyID = keyID
        self.key = key
        self.lifetime = lifetime
        self.now = now
    }

    /// The public key for verifiers.
    package var verificationKey: VerificationKey { VerificationKey(id: keyID, key: key.publicKey) }

    /// Issues a token for that user in that tenant, valid from now on.
    package func issue(
        userID: UserID, tenant: TenantSlug, role: Role, sessionID: SessionID
    ) throws -> IssuedToken {
        var claims = claims(of: userID, tenant, sessionID)
        claims.role = role
        return try sign(claims)
    }

    /// Issues a token for that service account in that tenant, valid from now on. `secret` is the secret that it showed.
    package func issue(
        serviceAccount: UserID, tenant: TenantSlug, scopes: Set<Scope>, secret: SessionID
    ) throws -> IssuedToken {
        var claims = claims(of: serviceAccount, tenant, secret)
        (claims.scope, claims.clientID) = (scopes.text, serviceAccount.description)
        return try sign(claims)
    }

    private func claims(of subject: UserID, _ tenant: TenantSlug, _ session: SessionID) -> AccessToken.Claims {
        let issuedAt = now()
        return AccessToken.Claims(
            iss: issuer, aud: audience, sub: subject, tenant: tenant, sid: session, iat: issuedAt.seconds,
            nbf: issuedAt.seconds, exp: issuedAt.seconds + lifetime.components.seconds, jti: .new(at: issuedAt))
    }

    private func sign(_ claims: AccessToken.Claims) throws -> IssuedToken {
        let header = AccessToken.Header(alg: AccessToken.algorithm, typ: AccessToken.type, kid: keyID)
        let signed = try "\(AccessToken.part(header)).\(AccessToken.part(claims))"
        let signature = BaseEncoding.base64URL.encode(key.sign(Array(signed.utf8)))
        return IssuedToken(text: "\(signed).\(signature)", principal: claims.principal)
    }
}
