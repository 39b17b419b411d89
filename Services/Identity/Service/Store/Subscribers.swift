import FoundationEssentials
import GuichetProtocol
import IdentityDomain
import Postgres
import Primitives

/// What the broker must have of a subscriber.
struct WantedSubscriber: Decodable, Sendable {
    let id: String
    let name: String
    let events: [String]
    let passwordHash: String
    let isCollecting: Bool
    let isRemoved: Bool

    /// The types of events that it receives.
    var types: [EventName] { EventSelections(stored: events).types }
}

/// Statements on the subscribers of a tenant.
enum Subscribers {
    /// Creations run one after the other, so that they count what the others have inserted.
    static let lock: Query<Void> = .run(
        "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' subscribers', 0))")

    /// The number of subscribers, those included that are being removed.
    static let count: Query<Int> = .one("SELECT count(*) FROM subscribers") { try $0.get("count") }

    /// Inserts a subscriber; conflicts with `subscriber_name_is_free`.
    static func insert(
        _ id: SubscriberID, _ name: SubscriberName, _ events: EventSelections, passwordHash: String, at now: Instant
    ) -> SQL {
        """
        INSERT INTO subscribers (id, name, events, password_hash, password_changed_at, created_at)
        VALUES (\(id), \(name.description), \(events.texts)::text[], \(passwordHash), \(now), \(now))
        """
    }

    /// Replaces the password; false if there is no such subscriber.
    static func setPassword(_ hash: String, of id: SubscriberID, at now: Instant) -> Query<Bool> {
        Query(
            """
            UPDATE subscribers SET password_hash = \(hash), password_changed_at = \(now)
            WHERE id = \(id) AND removed_at IS NULL RETURNING id
            """
        ) { !$0.isEmpty }
    }

    /// Has the broker remove a subscriber; false if there is none. True again until the broker has done so.
    static func remove(_ id: SubscriberID, at now: Instant) -> Query<Bool> {
        Query("UPDATE subscribers SET removed_at = coalesce(removed_at, \(now)) WHERE id = \(id) RETURNING id") {
            !$0.isEmpty
        }
    }

    /// Records a replay; false if one began after `limit`.
    static func beginReplay(of id: SubscriberID, at now: Instant, notAfter limit: Instant) -> Query<Bool> {
        Query(
            """
            UPDATE subscribers SET replayed_at = \(now)
            WHERE id = \(id) AND (replayed_at IS NULL OR replayed_at <= \(limit)) RETURNING id
            """
        ) { !$0.isEmpty }
    }

    static func one(_ id: SubscriberID) -> Query<Subscriber?> {
        .first("SELECT * FROM subscribers WHERE id = \(id) AND removed_at IS NULL", Subscriber.init)
    }

    /// At most `limit` subscribers in the order of their creation, after `id`.
    static func page(after id: SubscriberID?, limit: Int) -> Query<[Subscriber]> {
        .all(
            """
            SELECT * FROM subscribers
            WHERE removed_at IS NULL AND (\(id)::uuid IS NULL OR id > \(id)) ORDER BY id LIMIT \(limit)
            """, Subscriber.init)
    }

    /// What the broker must have, by the schema of the tenant. One statement for all of them.
    static func wanted(in schemas: [String]) -> SQL { "SELECT * FROM subscribers_of(\(schemas)::text[])" }

    static func wanted(_ row: Row) throws -> [WantedSubscriber] {
        try JSONDecoder().decode([WantedSubscriber].self, from: Data(row.get("subscribers", as: String.self).utf8))
    }

    /// Records that the broker has made the queues of these subscribers.
    static func startCollecting(_ ids: [String], at now: Instant) -> SQL {
        "UPDATE subscribers SET collecting_since = \(now) WHERE id = ANY (\(ids)::uuid[])"
    }

    /// Records that the broker has removed these.
    static func delete(_ ids: [String]) -> SQL {
        "DELETE FROM subscribers WHERE removed_at IS NOT NULL AND id = ANY (\(ids)::uuid[])"
    }
}

extension Subscriber {
    fileprivate init(_ row: Row) throws {
        guard let name = SubscriberName(try row.get("name")) else { throw CorruptRow("subscribers.name") }
        self.init(
            id: try row.get("id"), name: name, events: EventSelections(stored: try row.get("events")),
            passwordHash: try row.get("password_hash"), passwordChangedAt: try row.get("password_changed_at"),
            createdAt: try row.get("created_at"), collectingSince: try row.find("collecting_since"))
    }
}
