import Primitives

/// The token by which people join a queue.
struct JoinTokenView: Codable, Sendable {
    /// The token itself, for `POST /api/queue/join`.
    let token: String
    /// The address that the QR code holds.
    let url: String
    /// How often the token changes, in minutes.
    let rotationMinutes: Int
    /// When the next token takes over.
    let changesAt: Instant
    /// Until when this one is accepted.
    let expiresAt: Instant
}
