import Messaging
import Postgres
import Primitives
import QueueDomain
import Scheduling

/// A plan as it is stored.
struct StoredPlan: Sendable {
    let plan: OpeningPlan
    /// When it opens or closes next; nil if it never does.
    let nextChange: Instant?
    /// When the day ends next; nil if staff end it.
    let nextDayEnd: Instant?
    let version: EntityVersion
}

/// The statements about when queues open and close by themselves.
enum OpeningPlans {
    /// The plan of a queue; nil if it has none.
    static func find(_ queue: Identifier<Queue>) -> Query<StoredPlan?> {
        plans("WHERE queue = \(queue)").map { $0[queue] }
    }

    /// The plans of these queues, locked until the transaction ends.
    static func lock(_ queue: Identifier<Queue>) -> Query<StoredPlan?> {
        plans("WHERE queue = \(queue) FOR UPDATE OF p").map { $0[queue] }
    }

    /// The queues whose plans have something to do by then.
    static func due(by instant: Instant) -> Query<[Identifier<Queue>]> {
        .all(
            """
            SELECT queue FROM opening_plans WHERE next_change_at <= \(instant) OR next_end_at <= \(instant)
            ORDER BY queue LIMIT 1000
            """
        ) { try $0.get("queue") }
    }

    /// Of these schemas, those in which a plan has something to do by then.
    static func due(in schemas: [String], by instant: Instant) -> SQL {
        "SELECT * FROM due_openings(\(schemas)::text[], \(instant))"
    }

    /// Stores a plan, which is followed at once. Answers its version.
    static func set(_ plan: OpeningPlan, of queue: Identifier<Queue>, at now: Instant) -> Query<EntityVersion> {
        .one(
            """
            INSERT INTO opening_plans AS p (queue, ends_day_at, next_change_at)
            VALUES (\(queue), \(plan.dayEnd?.minutes), \(now))
            ON CONFLICT (queue) DO UPDATE SET version = p.version + 1, ends_day_at = excluded.ends_day_at,
                next_change_at = excluded.next_change_at, next_end_at = NULL
            RETURNING \(SQL.version)
            """
        ) { try $0.version() }
    }

    /// Replaces the hours of a plan.
    static func setHours(_ plan: OpeningPlan, of queue: Identifier<Queue>) -> [SQL] {
        let rows = plan.week.flatMap { weekday, day in day.intervals.map { (weekday, $0) } }
        return [
            "DELETE FROM opening_hours WHERE queue = \(queue)",
            """
            INSERT INTO opening_hours (queue, weekday, opens, closes)
            SELECT \(queue)::uuid, * FROM unnest(\(rows.map(\.0.rawValue))::int[],
                \(rows.map(\.1.opens.minutes))::int[], \(rows.map(\.1.closes.minutes))::int[])
            """,
        ]
    }

    /// Stores what the plan does next.
    static func advance(_ queue: Identifier<Queue>, change: Instant?, dayEnd: Instant?) -> SQL {
        "UPDATE opening_plans SET next_change_at = \(change), next_end_at = \(dayEnd) WHERE queue = \(queue)"
    }

    static func remove(_ queue: Identifier<Queue>) -> SQL { "DELETE FROM opening_plans WHERE queue = \(queue)" }

    private static func plans(_ condition: SQL) -> Query<[Identifier<Queue>: StoredPlan]> {
        Query(
            """
            SELECT queue, ends_day_at, next_change_at, next_end_at, p.version,
                (SELECT number FROM generation) AS generation, weekday, opens, closes
            FROM opening_plans p LEFT JOIN opening_hours USING (queue) \(condition)
            """
        ) { rows in
            let byQueue = try Dictionary(grouping: rows) { try $0.get("queue", as: Identifier<Queue>.self) }
            return try byQueue.mapValues(StoredPlan.init)
        }
    }
}

extension StoredPlan {
    /// From the rows of one plan, of which there is at least one.
    fileprivate init(_ rows: [Row]) throws {
        guard let first = rows.first else { throw CorruptRow("opening_plans") }
        var week: [Weekday: [OpeningInterval]] = [:]
        for row in rows {
            guard let number = try row.find("weekday", as: Int.self) else { continue }
            guard let weekday = Weekday(rawValue: number), let opens = MinuteOfDay(minutes: try row.get("opens")),
                let closes = MinuteOfDay(minutes: try row.get("closes")), let interval = OpeningInterval(opens, closes)
            else { throw CorruptRow("opening_hours") }
            week[weekday, default: []].append(interval)
        }
        plan = OpeningPlan(
            try week.mapValues { intervals in
                guard let hours = DayHours(intervals) else { throw CorruptRow("opening_hours") }
                return hours
            }, dayEnd: try first.find("ends_day_at", as: Int.self).flatMap { MinuteOfDay(minutes: $0) })
        (nextChange, nextDayEnd) = (try first.find("next_change_at"), try first.find("next_end_at"))
        version = try first.version()
    }
}
