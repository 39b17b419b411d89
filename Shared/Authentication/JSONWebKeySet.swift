/// The keys of an issuer as it publishes them (RFC 7517 section 5).
package struct JSONWebKeySet: Codable, Equatable, Sendable {
    /// Every key that tokens in circulation may be signed with, the retired ones included until these have expired.
    package let keys: [VerificationKey]

    package init(_ keys: [VerificationKey]) { self.keys = keys }

    private enum CodingKeys: String, CodingKey { case keys }

    /// Leaves out keys of other kinds, uses and algorithms, as the RFC advises.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        keys = try container.decode([Candidate].self, forKey: .keys).compactMap(\.key)
    }

    /// A member of a set that may turn out to be of no use here.
    private struct Candidate: Decodable {
        let key: VerificationKey?

        init(from decoder: any Decoder) throws {
            // Which of the other kinds it is makes no difference.
            key = try? VerificationKey(from: decoder)
        }
    }
}
