package import Cryptography

/// A public key for verifying tokens, and its key id (`kid`).
package struct VerificationKey: Equatable, Sendable {
    /// The key id; a new key always gets a new one.
    package let id: String
    /// The key.
    package let key: P256PublicKey

    package init(id: String, key: P256PublicKey) {
        self.id = id
        self.key = key
    }
}

/// As a JSON Web Key (RFC 7517; RFC 7518 section 6.2).
extension VerificationKey: Codable {
    private enum CodingKeys: String, CodingKey { case kty, crv, use, alg, kid, x, y }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func expect(_ field: CodingKeys, _ value: String) throws {
            guard try container.decode(String.self, forKey: field) == value else {
                throw DecodingError.dataCorruptedError(
                    forKey: field, in: container, debugDescription: "« \(value) » attendu")
            }
        }
        func coordinate(_ field: CodingKeys) throws -> [UInt8] {
            guard let bytes = BaseEncoding.base64URL.decode(try container.decode(String.self, forKey: field)) else {
                throw DecodingError.dataCorruptedError(
                    forKey: field, in: container, debugDescription: "base64url attendu")
            }
            return bytes
        }
        try expect(.kty, "EC")
        try expect(.crv, "P-256")
        if container.contains(.use) { try expect(.use, "sig") }
        if container.contains(.alg) { try expect(.alg, "ES256") }
        id = try container.decode(String.self, forKey: .kid)
        key = try P256PublicKey(x: try coordinate(.x), y: try coordinate(.y))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode("EC", forKey: .kty)
        try container.encode("P-256", forKey: .crv)
        try container.encode("sig", forKey: .use)
        try container.encode("ES256", forKey: .alg)
        try container.encode(id, forKey: .kid)
        try container.encode(BaseEncoding.base64URL.encode(key.x), forKey: .x)
        try container.encode(BaseEncoding.base64URL.encode(key.y), forKey: .y)
    }
}
