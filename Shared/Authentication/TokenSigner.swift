package import Cryptography
package import GuichetProtocol
package import Primitives

/// Issues access tokens: JWTs signed with ES256, which every service verifies without calling another.
package struct TokenSigner: Sendable {
    /// The longest permitted lifetime: 15 minutes.
    package static let maximumLifetime = AccessToken.maximumLifetime

    /// The client of tokens that people get by logging in: the suite itself, whatever program shows it.
    package static let ownClient = "guichet"

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
        /// The person or service account that it stands for, and its expiry.
        package let principal: Principal
        /// From its issue to its expiry, in whole seconds.
        package let lifetime: Duration
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

    /// Issues a token for that user in that tenant to that client, valid from now on.
    package func issue(
        userID: UserID, tenant: TenantSlug, role: Role, sessionID: SessionID, clientID: String = ownClient
    ) throws -> IssuedToken {
        var claims = claims(of: userID, tenant, sessionID, clientID)
        claims.role = role
        return try sign(claims)
    }

    /// Issues a token for that service account in that tenant, valid from now on, and until `end` at the latest.
    package func issue(
        serviceAccount: UserID, tenant: TenantSlug, scopes: Set<Scope>, sessionID: SessionID, until end: Instant? = nil
    ) throws -> IssuedToken {
        var claims = claims(of: serviceAccount, tenant, sessionID, serviceAccount.description)
        claims.scope = scopes.text
        // A token without a lifetime is refused, so it has a second at least.
        if let end { claims.exp = max(min(claims.exp, end.seconds), claims.iat + 1) }
        return try sign(claims)
    }

    private func claims(
        of subject: UserID, _ tenant: TenantSlug, _ session: SessionID, _ clientID: String
    ) -> AccessToken.Claims {
        let issuedAt = now()
        return AccessToken.Claims(
            iss: issuer, aud: audience, sub: subject, tenant: tenant, sid: session, iat: issuedAt.seconds,
            nbf: issuedAt.seconds, exp: issuedAt.seconds + lifetime.components.seconds, jti: .new(at: issuedAt),
            clientID: clientID)
    }

    private func sign(_ claims: AccessToken.Claims) throws -> IssuedToken {
        let header = AccessToken.Header(alg: AccessToken.algorithm, typ: AccessToken.type, kid: keyID)
        let signed = try "\(AccessToken.part(header)).\(AccessToken.part(claims))"
        let signature = BaseEncoding.base64URL.encode(key.sign(Array(signed.utf8)))
        return IssuedToken(
            text: "\(signed).\(signature)", principal: claims.principal, lifetime: .seconds(claims.exp - claims.iat))
    }
}
