import Cryptography
import Primitives

/// A secret that a client brings back: a refresh token or the ticket of an enrolment. It begins with its tenant, whose
/// schema it is looked up in, and is stored as a digest only.
struct OpaqueToken: Sendable {
    private static let byteCount = 32

    let tenant: TenantSlug
    /// What the client gets: `<tenant>.<43 characters>`.
    let text: String

    /// What is stored. The secret is random, so a plain digest gives nothing away.
    var digest: [UInt8] { SHA256.hash(Array(text.utf8)) }

    /// A new one.
    init(for tenant: TenantSlug) { self.init(tenant, RandomBytes.make(Self.byteCount)) }

    /// Reads what a client sent; nil when it is none of ours.
    init?(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let tenant = TenantSlug(parts[0]),
            BaseEncoding.base64URL.decode(parts[1])?.count == Self.byteCount
        else { return nil }
        (self.tenant, self.text) = (tenant, text)
    }

    private init(_ tenant: TenantSlug, _ bytes: [UInt8]) {
        (self.tenant, text) = (tenant, "\(tenant).\(BaseEncoding.base64URL.encode(bytes))")
    }

    /// The refresh token that this one is exchanged for. It follows from this one and a key of ours, so that a client that lost the
    /// answer is given the same token again although only digests are stored.
    func successor(_ key: BlindIndex) -> OpaqueToken {
        OpaqueToken(tenant, key.digest(of: text, tenant: tenant, label: "refresh-token.successor"))
    }
}
