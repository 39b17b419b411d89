import Cryptography
import GuichetProtocol
import Primitives

/// What opens the lines of its queues to a screen: `<tenant>.<id of the display and 24 secret bytes in base64url>`.
struct DisplayToken: Sendable {
    private static let secretByteCount = 24

    /// As it is sent.
    let text: String

    /// The token of a display for the screen that has this secret. It is derived from the secret, of which only a digest is
    /// stored: a screen that lost the answer asks again and gets the same token.
    init(of display: DisplayID, in tenant: TenantSlug, for secret: PairingSecret) {
        let derived = HMAC.sha256(Array("display \(tenant) \(display)".utf8), key: secret.bytes)
        let bytes = display.uuid.bytes + derived.prefix(Self.secretByteCount)
        text = "\(tenant).\(BaseEncoding.base64URL.encode(bytes))"
    }

    /// What is stored of the token, and sent in events.
    var digest: [UInt8] { SHA256.hash(Array(text.utf8)) }
}

/// What a screen proves by that it has asked for a pairing.
struct PairingSecret: Sendable {
    private static let byteCount = 32

    let bytes: [UInt8]

    /// A new secret.
    init() { bytes = RandomBytes.make(Self.byteCount) }

    /// Returns nil if `text` does not have the form of a secret.
    init?(_ text: String) {
        guard let bytes = BaseEncoding.base64URL.decode(text), bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// As it is sent.
    var text: String { BaseEncoding.base64URL.encode(bytes) }

    /// What is stored of it. It has 256 random bits, so it cannot be guessed, salted or not.
    var digest: [UInt8] { SHA256.hash(bytes) }
}
