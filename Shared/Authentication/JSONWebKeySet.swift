/// The public keys of an issuer (RFC 7517 section 5).
package struct JSONWebKeySet: Codable, Equatable, Sendable {
    /// Every key that a valid token may be signed with, including retired keys until their tokens have expired.
    package let keys: [VerificationKey]

    package init(_ keys: [VerificationKey]) { self.keys = keys }

    private enum CodingKeys: String, CodingKey { case keys }

    /// Ignores keys of other kinds, uses and algorithms, as the RFC recommends.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        keys = try container.decode([Candidate].self, forKey: .keys).compactMap(\.key)
    }

    /// A member of a set, which may be of an unsupported kind.
    private struct Candidate: Decodable {
        let key: VerificationKey?

        init(from decoder: any Decoder) throws {
            // The reason makes no difference: the key is ignored.
            key = try? VerificationKey(from: decoder)
        }
    }
}
