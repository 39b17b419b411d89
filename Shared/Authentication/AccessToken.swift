import Cryptography
import FoundationEssentials
import GuichetProtocol
import JSONCoding
import Primitives

/// The form of an access token: a JWT (RFC 7519) with the profile of RFC 9068, signed as a compact JWS (RFC 7515).
enum AccessToken {
    /// The longest lifetime of a token: rights that are withdrawn from a user stay usable this long at most.
    static let maximumLifetime: Duration = .seconds(15 * 60)
    /// Tokens of the suite have about 600 bytes; a much longer one is an attack on the parser.
    static let maximumByteCount = 2048

    static let algorithm = "ES256"
    static let type = "at+jwt"

    /// The protected header. Extensions marked critical are refused, as RFC 7515 requires of an implementation that
    /// understands none.
    struct Header: Codable {
        let alg: String
        let typ: String
        let kid: String
        var crit: [String]?

        var isAcceptable: Bool { alg == AccessToken.algorithm && typ == AccessToken.type && crit == nil }
    }

    /// The payload; times are in seconds since 1970. A person has a `role`, a service account a `scope`.
    struct Claims: Codable {
        let iss: String
        let aud: String
        let sub: UserID
        let tenant: TenantSlug
        var role: Role?
        var scope: String?
        let sid: SessionID
        let iat: Int64
        let nbf: Int64
        var exp: Int64
        let jti: AccessTokenID
        /// The client that the token was issued to (RFC 9068 section 2.2). Absent in tokens of earlier releases.
        var clientID: String?

        private enum CodingKeys: String, CodingKey {
            case iss, aud, sub, tenant, role, scope, sid, iat, nbf, exp, jti
            case clientID = "client_id"
        }

        /// Nil if the token has neither a role nor scopes, or both.
        var rights: Rights? {
            switch (role, scope) {
            case (let role?, nil): .role(role)
            case (nil, let scope?): .scopes(Set(text: scope))
            case (nil, nil), (.some, .some): nil
            }
        }

        /// True if the suite could have issued a token with these times.
        var isPlausible: Bool {
            let bounds = 0...Int64(1) << 40
            return bounds.contains(iat) && bounds.contains(exp) && bounds.contains(nbf) && iat < exp
                && .seconds(exp - iat) <= AccessToken.maximumLifetime && rights != nil
        }

        /// Without rights it may do nothing; ``isPlausible`` has refused such a token.
        var principal: Principal {
            Principal(
                userID: sub, tenant: tenant, rights: rights ?? .scopes([]), sessionID: sid,
                expiresAt: Instant(seconds: exp))
        }
    }

    /// A part of the token: JSON in base64url.
    static func part(_ value: some Encodable) throws -> String {
        BaseEncoding.base64URL.encode(try JSONOutput.encode(value))
    }

    /// Reads a part. Throws ``TokenError/malformed`` if it is invalid.
    static func read<Value: Decodable>(_ part: Substring, as type: Value.Type) throws(TokenError) -> Value {
        guard let bytes = BaseEncoding.base64URL.decode(part),
            let value = try? JSONDecoder().decode(type, from: Data(bytes))  // Only that it is malformed matters.
        else { throw .malformed }
        return value
    }
}
