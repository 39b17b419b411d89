import GuichetProtocol
import Postgres
import Primitives

/// A display that is paired.
struct PairedDisplay: Sendable {
    let id: DisplayID
    let tokenDigest: String
    let queues: [QueueID]
}

/// The statements about paired displays.
enum DisplayRows {
    /// Whether the display is paired under a token with this digest, and shows the queue.
    static func permits(_ display: DisplayID, tokenDigest: String, _ queue: QueueID) -> Query<Bool> {
        .one(
            """
            SELECT EXISTS (
                SELECT FROM displays
                WHERE id = \(display) AND token_digest = \(tokenDigest) AND \(queue) = ANY (queues)
            ) AS permits
            """
        ) { try $0.get("permits") }
    }

    /// Those of the displays that are paired, as they are now.
    static func find(_ displays: [DisplayID]) -> Query<[PairedDisplay]> {
        .all("SELECT id, token_digest, queues FROM displays WHERE id = ANY (\(displays)::uuid[])") {
            PairedDisplay(id: try $0.get("id"), tokenDigest: try $0.get("token_digest"), queues: try $0.get("queues"))
        }
    }

    /// Stores a display as it is after an event.
    static func store(_ display: DisplayData) -> SQL {
        """
        INSERT INTO displays (id, queues, token_digest)
        VALUES (\(display.display), \(display.queues)::uuid[], \(display.tokenDigest))
        ON CONFLICT (id) DO UPDATE SET queues = excluded.queues, token_digest = excluded.token_digest
        """
    }

    /// Removes a display.
    static func remove(_ display: DisplayID) -> SQL { "DELETE FROM displays WHERE id = \(display)" }
}

/// A sample of each statement of Realtime. A test has PostgreSQL plan them.
enum RealtimeQueries {
    /// The statements about a tenant's schema.
    static var ofTenant: [SQL] {
        let display = DisplayData(display: .new(), name: "Salle", queues: [.new()], tokenDigest: "digest")
        return [
            DisplayRows.permits(.new(), tokenDigest: "digest", .new()).statement,
            DisplayRows.find([.new()]).statement, DisplayRows.store(display), DisplayRows.remove(.new()),
        ].compactMap { $0 }
    }
}
