import Cryptography
import FoundationEssentials
import Primitives
import QueueDomain

/// The token behind the code of a queue: `<tenant>.<base64url of the queue's id, the expiry and a seal>`. It lets anyone
/// who has it join until it expires.
struct JoinToken: Sendable, CustomStringConvertible {
    /// The text as the code has it.
    let description: String
    /// The tenant of the queue.
    let tenant: TenantSlug
    /// The queue to join.
    let queue: Identifier<Queue>
    /// When the token expires.
    let expires: Instant
    fileprivate let seal: [UInt8]

    private static let sealSize = 16

    /// Reads a token. Returns nil for a text of another form.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let tenant = TenantSlug(parts[0]), parts[1].utf8.count <= 64,
            let bytes = BaseEncoding.base64URL.decode(parts[1]), bytes.count == 20 + Self.sealSize
        else { return nil }
        (description, self.tenant) = (String(text), tenant)
        queue = Identifier(UUID(bytes: bytes[..<16]))
        expires = Instant(seconds: bytes[16..<20].reduce(0) { $0 << 8 | Int64($1) })
        seal = Array(bytes[20...])
    }

    fileprivate init(tenant: TenantSlug, queue: Identifier<Queue>, expires: Instant, seal: [UInt8]) {
        (self.tenant, self.queue, self.expires, self.seal) = (tenant, queue, expires, Array(seal.prefix(Self.sealSize)))
        let seconds = UInt32(clamping: expires.seconds)
        let expiry = (0..<4).reversed().map { UInt8(truncatingIfNeeded: seconds >> ($0 * 8)) }
        description = "\(tenant).\(BaseEncoding.base64URL.encode(queue.uuid.bytes + expiry + self.seal))"
    }
}

/// Makes and checks the tokens behind codes.
struct JoinTokens: Sendable {
    let key: BlindIndex

    /// A token that expires at `expires`, to the second.
    ///
    /// - Parameter generation: that of the queue; raising it ends all tokens before.
    func token(
        for queue: Identifier<Queue>, of tenant: TenantSlug, generation: Int, expires: Instant
    ) -> JoinToken {
        let expires = Instant(seconds: expires.seconds)
        return JoinToken(
            tenant: tenant, queue: queue, expires: expires, seal: seal(queue, tenant, generation, expires))
    }

    /// Whether the token was made here, for this generation, and has not expired.
    func accept(_ token: JoinToken, generation: Int, at now: Instant) -> Bool {
        let expected = seal(token.queue, token.tenant, generation, token.expires).prefix(token.seal.count)
        return constantTimeEquals(token.seal, Array(expected)) && now < token.expires
    }

    private func seal(
        _ queue: Identifier<Queue>, _ tenant: TenantSlug, _ generation: Int, _ expires: Instant
    ) -> [UInt8] {
        key.digest(of: "\(queue) \(generation) \(expires.seconds)", tenant: tenant, label: "queue join token")
    }
}
