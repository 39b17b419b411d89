import Cryptography
import Primitives

/// A refresh token or the ticket of an enrolment. It begins with its tenant, in whose schema its digest is stored.
struct OpaqueToken: Sendable {
    private static let byteCount = 32

    let tenant: TenantSlug
    /// As clients send it: `<tenant>.<43 characters>`.
    let text: String

    /// The stored form. The token is random, so an unkeyed digest is enough.
    var digest: [UInt8] { SHA256.hash(Array(text.utf8)) }

    /// A new random token.
    init(for tenant: TenantSlug) { self.init(tenant, RandomBytes.make(Self.byteCount)) }

    /// Returns nil if `text` does not have the form of a token.
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

    /// The refresh token that this one is exchanged for. It is derived from this one and a secret key, so that a client
    /// that lost the answer can be given the same token again although only digests are stored.
    func successor(_ key: BlindIndex) -> OpaqueToken {
        OpaqueToken(tenant, key.digest(of: text, tenant: tenant, label: "refresh-token.successor"))
    }
}
