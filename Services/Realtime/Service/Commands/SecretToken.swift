import Cryptography
import FoundationEssentials
import GuichetProtocol
import Primitives

/// The secret of a ticket or of a display: `<tenant>.<base64url of an id and 24 random bytes>`. The id is that of the queue
/// or of the display; only the digest is compared.
struct SecretToken<Kind> {
    let tenant: TenantSlug
    let id: Identifier<Kind>
    /// The SHA-256 of the token, in base64url without padding.
    let digest: String

    /// Returns nil if the text is no such token.
    init?(_ text: String) {
        guard let dot = text.lastIndex(of: "."), let tenant = TenantSlug(text[..<dot]),
            let bytes = BaseEncoding.base64URL.decode(text[text.index(after: dot)...]), bytes.count == 40
        else { return nil }
        var uuid: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        withUnsafeMutableBytes(of: &uuid) { $0.copyBytes(from: bytes.prefix(16)) }
        (self.tenant, id) = (tenant, Identifier(UUID(uuid: uuid)))
        digest = BaseEncoding.base64URL.encode(SHA256.hash(Array(text.utf8)))
    }
}

/// The secret of a ticket.
typealias PatientToken = SecretToken<QueueKind>
/// The secret of a display.
typealias DisplayToken = SecretToken<DisplayKind>
