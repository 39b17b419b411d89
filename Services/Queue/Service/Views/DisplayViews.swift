import GuichetProtocol
import Primitives
import QueueDomain

/// A screen in a waiting room.
struct DisplayView: Codable, Hashable, Sendable {
    /// The id.
    let id: DisplayID
    /// The name by which staff know it.
    let name: DisplayName
    /// The queues that it shows.
    let queues: [Identifier<Queue>]
    /// When staff confirmed it.
    let createdAt: Instant
    /// When the screen got its token; absent until then.
    let pairedAt: Instant?
    /// Counts the changes; `If-Match` takes the `ETag` instead.
    let version: EntityVersion
}

/// What a screen needs to be paired.
struct PairingView: Codable, Sendable {
    /// The code that the screen shows, and staff type.
    let code: String
    /// The secret by which the screen asks for its token. The screen shows it to no one.
    let secret: String
    /// Until when the screen can be confirmed and ask for its token.
    let expiresAt: Instant
}

/// How far the pairing of a screen is.
struct PairingStateView: Codable, Sendable {
    /// True once staff have confirmed the screen.
    let isConfirmed: Bool
    /// Until when the screen can ask.
    let expiresAt: Instant
    /// The token that opens the lines of its queues; absent until staff have confirmed the screen.
    let token: String?
    /// The display that the screen is; absent until staff have confirmed the screen.
    let display: DisplayID?
    /// The name of the display; absent until staff have confirmed the screen.
    let name: DisplayName?
    /// The queues that it shows; absent until staff have confirmed the screen.
    let queues: [Identifier<Queue>]?
}
