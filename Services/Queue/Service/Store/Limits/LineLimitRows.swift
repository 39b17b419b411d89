import Messaging
import Postgres
import Primitives
import QueueDomain

/// The limits of a line as they are stored, and what they are compared with.
struct StoredLimits: Sendable {
    let limits: LineLimits
    /// The limits that the line exceeded when it was last checked.
    let noted: Set<LineLimit>
    let version: EntityVersion
    /// How many tickets wait.
    private let waiting: Int
    /// When the ticket joined that has waited longest; nil if none waits.
    private let oldest: Instant?

    fileprivate init(_ row: Row) throws {
        guard let limits = LineLimits(waiting: try row.find("max_waiting"), waitMinutes: try row.find("max_minutes"))
        else { throw CorruptRow("line_limits") }
        self.limits = limits
        let (isCrowded, isSlow) = (try row.get("is_crowded", as: Bool.self), try row.get("is_slow", as: Bool.self))
        noted = Set((isCrowded ? [.waiting] : []) + (isSlow ? [.wait] : []))
        (version, waiting, oldest) = (try row.version(), try row.get("waiting"), try row.find("oldest"))
    }

    /// The limits that the line exceeds.
    func exceeded(at now: Instant) -> Set<LineLimit> { limits.exceeded(waiting: waiting, since: oldest, at: now) }
}

/// The statements about the limits of lines.
enum LineLimitRows {
    /// The limits of a queue; nil if it has none.
    static func find(_ queue: Identifier<Queue>) -> Query<StoredLimits?> {
        .first(
            """
            SELECT max_waiting, max_minutes, is_crowded, is_slow, \(SQL.version), waiting, oldest
            FROM line_limits l CROSS JOIN LATERAL (
                SELECT count(*) AS waiting, min(joined_at) AS oldest FROM tickets t
                WHERE t.queue = l.queue AND t.status = 'waiting') AS load
            WHERE l.queue = \(queue)
            """, StoredLimits.init)
    }

    /// Locks the limits of a queue until the transaction ends.
    static func lock(_ queue: Identifier<Queue>) -> Query<Void> {
        .run("SELECT 1 FROM line_limits WHERE queue = \(queue) FOR UPDATE")
    }

    /// The queues with limits.
    static let queues: Query<[Identifier<Queue>]> = .all("SELECT queue FROM line_limits ORDER BY queue LIMIT 1000") {
        try $0.get("queue")
    }

    /// Of these schemas, those in which a line has crossed a limit.
    static func crossed(in schemas: [String], at now: Instant) -> SQL {
        "SELECT * FROM crossed_limits(\(schemas)::text[], \(now))"
    }

    /// Stores the limits of a queue. What the line exceeds is checked again.
    static func set(_ limits: LineLimits, of queue: Identifier<Queue>) -> SQL {
        """
        INSERT INTO line_limits AS l (queue, max_waiting, max_minutes)
        VALUES (\(queue), \(limits.waiting), \(limits.waitMinutes))
        ON CONFLICT (queue) DO UPDATE SET max_waiting = excluded.max_waiting, max_minutes = excluded.max_minutes,
            is_crowded = false, is_slow = false, version = l.version + 1
        """
    }

    /// Stores which limits the line exceeds.
    static func note(_ exceeded: Set<LineLimit>, of queue: Identifier<Queue>) -> SQL {
        """
        UPDATE line_limits SET is_crowded = \(exceeded.contains(.waiting)), is_slow = \(exceeded.contains(.wait))
        WHERE queue = \(queue)
        """
    }
}
