import Cryptography
import FoundationEssentials
import Primitives
import QueueDomain

/// The token that opens a ticket to its patient: `<tenant>.<base64url of the queue's id and 24 secret bytes>`.
///
/// The secret is a keyed digest of the ticket's id, so that no secret is stored and staff can give the token again to a
/// patient who has lost it. The key is that of the installation.
struct PatientToken: Sendable, CustomStringConvertible {
    /// The text as patients have it.
    let description: String
    /// The tenant of the ticket.
    let tenant: TenantSlug
    /// The queue that the ticket was made in.
    let queue: Identifier<Queue>

    fileprivate static let secretSize = 24

    /// Reads a token. Returns nil for a text of another form.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let tenant = TenantSlug(parts[0]), parts[1].utf8.count <= 64,
            let bytes = BaseEncoding.base64URL.decode(parts[1]), bytes.count == 16 + Self.secretSize
        else { return nil }
        (description, self.tenant) = (String(text), tenant)
        queue = Identifier(UUID(bytes: bytes[..<16]))
    }

    fileprivate init(tenant: TenantSlug, queue: Identifier<Queue>, secret: [UInt8]) {
        (self.tenant, self.queue) = (tenant, queue)
        description = "\(tenant).\(BaseEncoding.base64URL.encode(queue.uuid.bytes + secret))"
    }

    /// What is stored of the token.
    var digest: [UInt8] { SHA256.hash(Array(description.utf8)) }
}

/// Makes the tokens of tickets and the codes of queues.
struct PatientTokens: Sendable {
    let key: BlindIndex

    /// The token of a ticket.
    func token(
        of ticket: Identifier<Ticket>, in queue: Identifier<Queue>, of tenant: TenantSlug
    ) -> PatientToken {
        let secret = key.digest(of: ticket.description, tenant: tenant, label: "queue ticket")
        return PatientToken(tenant: tenant, queue: queue, secret: Array(secret.prefix(PatientToken.secretSize)))
    }

    /// What is stored of an `Idempotency-Key` that came without an account.
    func digest(ofKey text: String, tenant: TenantSlug) -> [UInt8] {
        key.digest(of: text, tenant: tenant, label: "queue join key")
    }
}

/// What makes a ticket once, however often it is sent.
struct JoinRequest: Sendable {
    /// Keyed digest of the `Idempotency-Key`.
    let digest: [UInt8]
    /// Keyed digest of the request.
    let fingerprint: [UInt8]
}

extension UUID {
    /// From 16 bytes.
    init(bytes: ArraySlice<UInt8>) {
        self = bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }

    /// The 16 bytes.
    var bytes: [UInt8] { withUnsafeBytes(of: uuid) { Array($0) } }
}
