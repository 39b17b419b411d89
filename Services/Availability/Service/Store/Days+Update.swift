import Postgres
import Primitives

// What an update of days reads, locks and writes.
extension Days {
    /// Finds days that have to be updated, the next ones first, and locks them.
    static func outdated(limit: Int) -> Query<OutdatedDays> {
        Query(
            """
            WITH due AS (
                SELECT day FROM publications WHERE view_version IS NULL
                    AND day BETWEEN (SELECT min(day) FROM days) AND (SELECT max(day) FROM days)
                UNION SELECT day FROM days WHERE is_answered
                UNION SELECT day FROM days WHERE calendar_version < (SELECT version FROM calendar)
                ORDER BY day LIMIT \(limit)
            ), locked AS (
                SELECT days.* FROM due JOIN days USING (day) FOR UPDATE OF days SKIP LOCKED
            )
            SELECT day::text AS day, version, view, calendar_version, is_withheld, doubt IS NOT NULL AS is_doubted,
                is_answered
            FROM due LEFT JOIN locked USING (day) ORDER BY due.day
            """
        ) { OutdatedDays(count: $0.count, locked: try $0.compactMap(StoredDay.init)) }
    }

    /// Locks those of these days that readers trust. Days that another process has locked are left out.
    static func trusted(_ days: [LocalDay]) -> Query<[StoredDay]> {
        Query(
            """
            SELECT day::text AS day, version, view, calendar_version, is_withheld, false AS is_doubted, is_answered
            FROM days WHERE day = ANY (\(days.map(\.description))::date[]) AND doubt IS NULL AND version > 0
            ORDER BY days.day FOR UPDATE SKIP LOCKED
            """
        ) { try $0.compactMap(StoredDay.init) }
    }

    /// The next version of a day.
    struct Version: Sendable {
        let day: LocalDay
        let number: Int
        let view: String
        let isWithheld: Bool
    }

    /// Stores the next versions of days that are locked, and the version of the calendar that they were computed by.
    static func write(_ versions: [Version], calendarVersion: Int, at now: Instant) -> SQL {
        """
        UPDATE days SET version = news.version, view = news.view, is_withheld = news.is_withheld, changed_at = \(now),
            calendar_version = greatest(calendar_version, \(calendarVersion))
        FROM unnest(\(versions.map(\.day.description))::date[], \(versions.map(\.number))::bigint[],
            \(versions.map(\.view))::text[], \(versions.map { "\($0.isWithheld)" })::boolean[])
            AS news (day, version, view, is_withheld)
        WHERE days.day = news.day
        """
    }

    /// Stores the calendar version that the views were computed by.
    static func agree(_ days: [LocalDay], with calendarVersion: Int) -> SQL {
        """
        UPDATE days SET calendar_version = \(calendarVersion)
        WHERE day = ANY (\(days.map(\.description))::date[]) AND calendar_version < \(calendarVersion)
        """
    }
}
