import Cryptography
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import QueueDomain

/// A display as it is stored.
struct StoredDisplay: Sendable {
    let id: DisplayID
    let name: DisplayName
    let queues: [Identifier<Queue>]
    /// Nil until the screen has asked for its token.
    let tokenDigest: [UInt8]?
    let createdAt: Instant
    /// When the screen got its token; nil until then.
    let pairedAt: Instant?
    let version: EntityVersion
    /// The version of the last event; 0 before the first.
    let event: Int

    fileprivate init(_ row: Row) throws {
        (id, queues, event) = (try row.get("id"), try row.get("queues"), try row.get("event"))
        (name, tokenDigest) = (DisplayName(stored: try row.get("name")), try row.find("token_digest"))
        (createdAt, pairedAt) = (try row.get("created_at"), try row.find("paired_at"))
        version = try row.version()
    }

    /// The payload of its events; nil while it has no token.
    func payload<Payload: DisplayEvent>(_: Payload.Type) -> Payload? {
        tokenDigest.map { digest in
            Payload(
                display: id, name: name.text, queues: queues.map { QueueID($0.uuid) },
                tokenDigest: BaseEncoding.base64URL.encode(digest))
        }
    }
}

/// The statements about displays.
enum Displays {
    /// How many displays a tenant may have.
    static let limit = 200

    private static let columns: SQL = """
        id, \(SQL.version), event, name, queues, token_digest, created_at, paired_at
        """

    /// All displays by name.
    static let all: Query<[StoredDisplay]> = .all(
        "SELECT \(columns) FROM displays ORDER BY name, id", StoredDisplay.init)

    /// The display; nil if there is none.
    static func find(_ id: DisplayID) -> Query<StoredDisplay?> {
        .first("SELECT \(columns) FROM displays WHERE id = \(id)", StoredDisplay.init)
    }

    /// The display, locked until the transaction ends; nil if there is none.
    static func lock(_ id: DisplayID) -> Query<StoredDisplay?> {
        .first("SELECT \(columns) FROM displays WHERE id = \(id) FOR UPDATE", StoredDisplay.init)
    }

    /// Stores a display that has no token yet. Answers false if there are too many; a display that is there already stays
    /// as it is.
    static func insert(_ id: DisplayID, name: DisplayName, queues: [Identifier<Queue>], at now: Instant) -> Query<Bool>
    {
        Query(
            """
            WITH new AS (
                INSERT INTO displays (id, name, queues, created_at)
                SELECT \(id)::uuid, \(name.text)::text, \(queues)::uuid[], \(now)::timestamptz
                WHERE (SELECT count(*) FROM displays) < \(limit) ON CONFLICT (id) DO NOTHING RETURNING id
            )
            SELECT id FROM new UNION SELECT id FROM displays WHERE id = \(id)
            """
        ) { !$0.isEmpty }
    }

    /// Stores another name and other queues; `isAnnounced` says whether an event goes with them.
    static func update(
        _ id: DisplayID, name: DisplayName, queues: [Identifier<Queue>], isAnnounced: Bool
    ) -> Query<StoredDisplay> {
        .one(
            """
            UPDATE displays SET name = \(name.text), queues = \(queues)::uuid[], version = version + 1,
                event = event + CASE WHEN \(isAnnounced) THEN 1 ELSE 0 END
            WHERE id = \(id) RETURNING \(columns)
            """, StoredDisplay.init)
    }

    /// Stores the token that the screen has got.
    static func pair(_ id: DisplayID, tokenDigest: [UInt8], at now: Instant) -> Query<StoredDisplay> {
        .one(
            """
            UPDATE displays SET token_digest = \(tokenDigest), paired_at = \(now), version = version + 1,
                event = event + 1
            WHERE id = \(id) RETURNING \(columns)
            """, StoredDisplay.init)
    }

    static func remove(_ id: DisplayID) -> SQL { "DELETE FROM displays WHERE id = \(id)" }

    /// The statement that records an event of the display; nil while it has no token.
    static func record<Payload: DisplayEvent>(
        _ type: Payload.Type, of display: StoredDisplay, version: Int? = nil, tenant: TenantSlug, at now: Instant
    ) throws -> SQL? {
        try display.payload(type).map {
            try Outbox.record(
                $0, of: display.id.description, version: version ?? display.event, tenant: tenant, at: now)
        }
    }
}
