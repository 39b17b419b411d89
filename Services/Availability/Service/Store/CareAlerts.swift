import AvailabilityDomain
import GuichetProtocol
import Postgres
import Primitives
import Scheduling

/// The statements about alerts of early slots.
enum CareAlerts {
    private static let columns: SQL = """
        id, subscriber, care_type, practitioner, starts_from, starts_until, created_at, raised, raised_at
        """

    /// The alerts for slots that start in `range`: at most a thousand, those that were raised least often first.
    static func waiting(in range: TimeRange, at now: Instant) -> Query<[CareAlert]> {
        .all(
            """
            SELECT \(columns) FROM care_alerts
            WHERE starts_until > \(max(range.start, now)) AND starts_from < \(range.end)
            ORDER BY raised, created_at, id LIMIT 1000
            """, alert)
    }

    /// How often one alert has been raised.
    struct Count: Sendable {
        let alert: Identifier<CareAlert>
        let raised: Int
    }

    /// Counts that these are raised; returns how often each has been raised now. Rows are locked in the order of their
    /// ids, so that concurrent transactions do not deadlock.
    static func count(_ alerts: [Identifier<CareAlert>], at now: Instant) -> Query<[Count]> {
        .all(
            """
            UPDATE care_alerts SET raised = raised + 1, raised_at = \(now)
            WHERE id IN (SELECT id FROM care_alerts WHERE id = ANY (\(alerts)::uuid[]) ORDER BY id FOR UPDATE)
            RETURNING id, raised
            """
        ) { Count(alert: try $0.get("id"), raised: try $0.get("raised")) }
    }

    /// The subscriber's alerts that have not ended, the oldest first.
    static func own(_ subscriber: Identifier<Subscriber>, at now: Instant) -> Query<[CareAlertView]> {
        .all(
            """
            SELECT \(columns) FROM care_alerts WHERE subscriber = \(subscriber) AND starts_until > \(now)
            ORDER BY created_at, id
            """
        ) { row in
            CareAlertView(
                try alert(row), createdAt: try row.get("created_at"), raised: try row.get("raised"),
                raisedAt: try row.find("raised_at"))
        }
    }

    /// Makes concurrent requests of one subscriber wait for each other until the transaction ends.
    static func lock(_ subscriber: Identifier<Subscriber>) -> Query<Void> {
        Query("SELECT pg_advisory_xact_lock(hashtextextended(\("care alerts of \(subscriber)"), 0))") { _ in }
    }

    static func insert(_ alert: CareAlert, at now: Instant) -> SQL {
        """
        INSERT INTO care_alerts (id, subscriber, care_type, practitioner, starts_from, starts_until, created_at)
        VALUES (\(alert.id), \(alert.subscriber), \(alert.careType.rawValue), \(alert.practitioner),
            \(alert.window.start), \(alert.window.end), \(now))
        """
    }

    /// Removes an alert of its subscriber; false if there is none.
    static func delete(_ id: Identifier<CareAlert>, of subscriber: Identifier<Subscriber>) -> Query<Bool> {
        Query("DELETE FROM care_alerts WHERE id = \(id) AND subscriber = \(subscriber) RETURNING id") { !$0.isEmpty }
    }

    /// Removes the alerts that have ended.
    static func prune(at now: Instant) -> SQL { "DELETE FROM care_alerts WHERE starts_until < \(now)" }

    /// Removes the alerts of an account, and the events that name it.
    static func traces(of account: UserID) -> [SQL] {
        [
            "DELETE FROM care_alerts WHERE subscriber = \(account)",
            "DELETE FROM outbox WHERE aggregate LIKE 'care-alert/%' AND position(\(account.description) IN body) > 0",
        ]
    }

    private static func alert(_ row: Row) throws -> CareAlert {
        guard let careType = CareType(rawValue: try row.get("care_type")),
            let window = TimeRange(try row.get("starts_from"), try row.get("starts_until"))
        else { throw CorruptRow("care_alerts") }
        return CareAlert(
            id: try row.get("id"), subscriber: try row.get("subscriber"), careType: careType,
            practitioner: try row.find("practitioner"), window: window)
    }
}
