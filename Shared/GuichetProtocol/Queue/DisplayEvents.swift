package import Primitives

/// Marks ids of displays.
package enum DisplayKind {}
/// The id of a display.
package typealias DisplayID = Identifier<DisplayKind>

/// An event of a display.
package protocol DisplayEvent: Event {
    var display: DisplayID { get }
    var name: String { get }
    var queues: [QueueID] { get }
    var tokenDigest: String { get }
    init(display: DisplayID, name: String, queues: [QueueID], tokenDigest: String)
}

extension DisplayEvent {
    package static var family: (any EventFamily.Type)? { DisplayData.self }
}

/// What every event of a display carries: the whole display, so the newest event is enough.
package struct DisplayData: EventFamily, WireRules {
    /// The highest number of queues that one display shows.
    package static let maximumQueues = 20

    /// The id of the display, which is the aggregate.
    package var display: DisplayID
    /// The name by which staff know the display.
    package var name: String
    /// The queues that the display shows.
    package var queues: [QueueID]
    /// The SHA-256 of the secret token of the display, in base64url without padding.
    package var tokenDigest: String

    package static let rules: [String: WireRule] = [
        "name": .length(minimum: 1, maximum: 80), "queues": .maximumCount(maximumQueues),
        "tokenDigest": .length(minimum: 43, maximum: 43),
    ]

    package init(display: DisplayID, name: String, queues: [QueueID], tokenDigest: String) {
        (self.display, self.name, self.queues, self.tokenDigest) = (display, name, queues, tokenDigest)
    }
}

/// A screen was paired: it has a token and may follow its queues.
package struct DisplayPaired: DisplayEvent {
    package static let name = EventName("queue", "display", "paired", version: 1)
    package var display: DisplayID
    package var name: String
    package var queues: [QueueID]
    package var tokenDigest: String
    package init(display: DisplayID, name: String, queues: [QueueID], tokenDigest: String) {
        (self.display, self.name, self.queues, self.tokenDigest) = (display, name, queues, tokenDigest)
    }
}

/// The name or the queues of a display changed.
package struct DisplayChanged: DisplayEvent {
    package static let name = EventName("queue", "display", "changed", version: 1)
    package var display: DisplayID
    package var name: String
    package var queues: [QueueID]
    package var tokenDigest: String
    package init(display: DisplayID, name: String, queues: [QueueID], tokenDigest: String) {
        (self.display, self.name, self.queues, self.tokenDigest) = (display, name, queues, tokenDigest)
    }
}

/// A display was removed: its token opens nothing any more.
package struct DisplayRemoved: DisplayEvent {
    package static let name = EventName("queue", "display", "removed", version: 1)
    package var display: DisplayID
    package var name: String
    package var queues: [QueueID]
    package var tokenDigest: String
    package init(display: DisplayID, name: String, queues: [QueueID], tokenDigest: String) {
        (self.display, self.name, self.queues, self.tokenDigest) = (display, name, queues, tokenDigest)
    }
}
