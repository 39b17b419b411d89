import AvailabilityDomain
import Postgres
import Primitives
import Scheduling

enum CareAlerts {
    private static let columns: SQL = """
        id, subscriber, care_type, practitioner, starts_from, starts_until, created_at, raised, raised_at
        """

    /// Who waits for a slot that starts in `range`; those first who were told of few, for more than a thousand are not told
    /// at once.
    static func waiting(in range: TimeRange, at now: Instant) -> SQL {
        """
        SELECT \(columns) FROM care_alerts
        WHERE starts_until > \(max(range.start, now)) AND starts_from < \(range.end)
        ORDER BY raised, created_at, id LIMIT 1000
        """
    }

    /// Counts that these are raised; returns how often each now was. All who count several do it in one order.
    static func count(_ alerts: [Identifier<CareAlert>], at now: Instant) -> SQL {
        """
        UPDATE care_alerts SET raised = raised + 1, raised_at = \(now)
        WHERE id IN (SELECT id FROM care_alerts WHERE id = ANY (\(alerts)::uuid[]) ORDER BY id FOR UPDATE)
        RETURNING id, raised
        """
    }

    /// What somebody still waits for, the oldest alert first.
    static func own(_ subscriber: Identifier<Subscriber>, at now: Instant) -> SQL {
        """
        SELECT \(columns) FROM care_alerts WHERE subscriber = \(subscriber) AND starts_until > \(now)
        ORDER BY created_at, id
        """
    }

    /// Lets the subscriber's requests wait for each other until the transaction ends.
    static func lock(_ subscriber: Identifier<Subscriber>) -> SQL {
        "SELECT pg_advisory_xact_lock(hashtextextended(\("care alerts of \(subscriber)"), 0))"
    }

    static func insert(_ alert: CareAlert, at now: Instant) -> SQL {
        """
        INSERT INTO care_alerts (id, subscriber, care_type, practitioner, starts_from, starts_until, created_at)
        VALUES (\(alert.id), \(alert.subscriber), \(alert.careType.rawValue), \(alert.practitioner),
            \(alert.window.start), \(alert.window.end), \(now))
        """
    }

    /// Removes an alert of its subscriber, and says whether there was one.
    static func delete(_ id: Identifier<CareAlert>, of subscriber: Identifier<Subscriber>) -> SQL {
        "DELETE FROM care_alerts WHERE id = \(id) AND subscriber = \(subscriber) RETURNING id"
    }

    static func alert(_ row: Row) throws -> CareAlert {
        guard let careType = CareType(rawValue: try row.get("care_type")),
            let window = TimeRange(try row.get("starts_from"), try row.get("starts_until"))
        else { throw CorruptRow("care_alerts") }
        return CareAlert(
            id: try row.get("id"), subscriber: try row.get("subscriber"), careType: careType,
            practitioner: try row.find("practitioner"), window: window)
    }

    static func prune(before now: Instant) -> SQL { "DELETE FROM care_alerts WHERE starts_until < \(now)" }
}
