import AvailabilityDomain
import GuichetProtocol
import Postgres
import Primitives
import Scheduling

/// A day as it is stored, and locked, while it is looked at anew.
struct StoredDay: Sendable {
    let day: LocalDay
    let version: Int
    let view: String
    /// By which calendar the view was computed.
    let calendarVersion: Int
    /// True when its version shows nothing.
    let isWithheld: Bool
    /// True when nothing of it may be shown, by what is known now.
    let isDoubted: Bool
    /// True when the report has come that ends the doubt.
    let isAnswered: Bool

    /// Nil when it was not locked.
    init?(_ row: Row) throws {
        guard let version: Int = try row.find("version") else { return nil }
        day = try Days.day(row)
        (self.version, view) = (version, try row.get("view"))
        calendarVersion = try row.get("calendar_version")
        (isWithheld, isAnswered) = (try row.get("is_withheld"), try row.get("is_answered"))
        isDoubted = try row.get("is_doubted") && !isAnswered
    }
}

enum Days {
    /// Finds days that are to be looked at, the next ones first, and locks them. Those that somebody else looks at are named
    /// without their version: what has come for them since he began waits for the next look.
    static func outdated(limit: Int) -> SQL {
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
        SELECT day::text AS day, version, view, calendar_version, is_withheld, doubt IS NOT NULL AS is_doubted, is_answered
        FROM due LEFT JOIN locked USING (day) ORDER BY due.day
        """
    }

    /// Makes the days that are not there yet, in doubt or not, and returns those.
    static func open(_ days: ClosedRange<LocalDay>, doubt: Doubt?) -> SQL {
        """
        INSERT INTO days (day, version, view, doubt, doubted_at, ask_at)
        SELECT day, 0, '', \(doubt?.rawValue), CASE WHEN \(doubt != nil) THEN now() END,
            CASE WHEN \(doubt != nil) THEN now() END
        FROM generate_series(\(days.lowerBound.description)::date, \(days.upperBound.description)::date, '1 day') AS day
        ON CONFLICT DO NOTHING RETURNING days.day::text AS day
        """
    }

    /// Notes by which calendar the views are, and that their reports are taken.
    static func agree(_ days: [LocalDay], with calendarVersion: Int) -> SQL {
        """
        UPDATE days SET calendar_version = \(calendarVersion)
        WHERE day = ANY (\(days.map(\.description))::date[]) AND calendar_version < \(calendarVersion)
        """
    }

    /// The next version of a day.
    static func write(_ day: LocalDay, version: Int, view: String, isWithheld: Bool) -> SQL {
        """
        UPDATE days SET version = \(version), view = \(view), is_withheld = \(isWithheld), changed_at = now()
        WHERE day = \(day.description)::date
        """
    }

    /// Withholds days until a report that has not been asked for yet.
    static func withhold(_ days: [LocalDay], because doubt: Doubt) -> SQL {
        """
        UPDATE days SET doubt = \(doubt.rawValue), doubted_at = coalesce(doubted_at, now()), report = NULL,
            is_answered = false, ask_at = now()
        WHERE day IN (
            SELECT day FROM days WHERE day = ANY (\(days.map(\.description))::date[]) ORDER BY day FOR UPDATE)
        """
    }

    /// Notes that a report about these days has come; returns the days whose doubt it ends. A report that was asked for
    /// later than the first since the doubt arose will do: ids rise with time.
    static func answer(_ report: ReportID, _ days: [LocalDay]) -> SQL {
        """
        UPDATE days SET is_answered = true WHERE day IN (
            SELECT day FROM days WHERE report <= \(report) AND day = ANY (\(days.map(\.description))::date[])
            ORDER BY day FOR UPDATE)
        RETURNING day::text AS day
        """
    }

    /// Ends the doubt.
    static func trust(_ day: LocalDay) -> SQL {
        """
        UPDATE days SET doubt = NULL, doubted_at = NULL, report = NULL, is_answered = false, attempts = 0, ask_at = NULL
        WHERE day = \(day.description)::date
        """
    }

    /// What readers are shown of some days.
    static func entries(_ days: [LocalDay]) -> SQL {
        """
        SELECT day::text AS day, version, CASE WHEN doubt IS NULL THEN view END AS view FROM days
        WHERE day = ANY (\(days.map(\.description))::date[]) AND version > 0
        """
    }

    /// Days that readers see otherwise since `instant`. A transaction is over some time after its changes were dated,
    /// so days are named that have changed a little before.
    static func changed(_ days: [LocalDay], since instant: Instant) -> SQL {
        """
        SELECT day::text AS day FROM days
        WHERE day = ANY (\(days.map(\.description))::date[]) AND changed_at > \(instant - .seconds(60))
        """
    }

    /// The most days of ``uncached``.
    static let uncachedLimit = 500

    /// Days that the cache may lack.
    static let uncached: SQL = """
        SELECT day::text AS day, version, CASE WHEN doubt IS NULL THEN view END AS view FROM days
        WHERE cached_version < version ORDER BY day LIMIT \(uncachedLimit)
        """

    /// Notes that the cache has these versions, or newer ones. Days that are just being looked at are passed over: mostly they
    /// get another version, and the chores come back to the others.
    static func cached(_ entries: [(day: LocalDay, version: Int)]) -> SQL {
        """
        WITH fresh AS (
            SELECT day, told.version
            FROM unnest(\(entries.map(\.day.description))::date[], \(entries.map(\.version))::bigint[])
                AS told (day, version) JOIN days USING (day)
            FOR NO KEY UPDATE OF days SKIP LOCKED
        )
        UPDATE days SET cached_version = fresh.version FROM fresh
        WHERE days.day = fresh.day AND days.cached_version < fresh.version
        """
    }

    /// Notes that the cache lacks these days.
    static func uncache(_ days: [LocalDay]) -> SQL {
        "UPDATE days SET cached_version = 0 WHERE day = ANY (\(days.map(\.description))::date[])"
    }

    /// Days whose report is to be asked for. Other processes look for others.
    static let overdue: SQL = """
        SELECT day::text AS day, attempts FROM days WHERE doubt IS NOT NULL AND ask_at <= now()
        ORDER BY day LIMIT 100 FOR UPDATE SKIP LOCKED
        """

    /// Notes that a report was asked for, and when to ask for another.
    static func asked(_ days: [LocalDay], report: ReportID, patience: Duration) -> SQL {
        """
        UPDATE days SET report = coalesce(report, \(report)), attempts = attempts + 1,
            ask_at = now() + make_interval(secs => \(Int(patience.components.seconds)))
        WHERE day = ANY (\(days.map(\.description))::date[])
        """
    }

    /// How it stands with one day.
    static func state(of day: LocalDay) -> SQL { "\(states) WHERE day = \(day.description)::date" }

    /// How it stands with the days after `position`: all, those in doubt, or the others.
    static func states(after position: LocalDay?, areDoubted: Bool?, limit: Int) -> SQL {
        """
        \(states) WHERE (\(position?.description)::date IS NULL OR day > \(position?.description)::date)
            AND (\(areDoubted)::boolean IS NULL OR (doubt IS NOT NULL) = \(areDoubted))
        ORDER BY day LIMIT \(limit)
        """
    }

    private static let states: SQL = """
        SELECT day::text AS day, version, changed_at, cached_version, doubt, doubted_at, attempts, ask_at FROM days
        """

    static let count: SQL = """
        SELECT count(*) AS days, count(*) FILTER (WHERE doubt IS NOT NULL) AS doubted,
            count(*) FILTER (WHERE cached_version < version) AS uncached FROM days
        """

    static func prune(before day: LocalDay) -> SQL { "DELETE FROM days WHERE day < \(day.description)::date" }

    static func day(_ row: Row, _ column: String = "day") throws -> LocalDay {
        guard let day = LocalDay(try row.get(column, as: String.self)) else { throw CorruptRow("days") }
        return day
    }
}

extension DayEntry {
    /// A row of ``Days/entries(_:)`` or ``Days/uncached``.
    init(_ row: Row, of tenant: TenantSlug) throws {
        let view: String? = try row.find("view")
        self.init(
            key: DayKey(tenant: tenant, day: try Days.day(row)), version: try row.get("version"),
            content: view.map(Content.view) ?? .withheld)
    }
}
