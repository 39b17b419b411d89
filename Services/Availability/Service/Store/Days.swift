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
    let doubt: Doubt?
    let report: ReportID?

    init(_ row: Row) throws {
        day = try Days.day(row)
        (version, view, report) = (try row.get("version"), try row.get("view"), try row.find("report"))
        doubt = try row.find("doubt", as: String.self).flatMap(Doubt.init(rawValue:))
    }
}

enum Days {
    /// Reads days for writing; all who lock several do it in this order.
    static func lock(_ days: [LocalDay]) -> SQL {
        """
        SELECT day::text AS day, version, view, doubt, report FROM days
        WHERE day = ANY (\(days.map(\.description))::date[]) ORDER BY day FOR UPDATE
        """
    }

    /// Makes the days that are not there yet, in doubt or not.
    static func open(_ days: ClosedRange<LocalDay>, doubt: Doubt?) -> SQL {
        """
        INSERT INTO days (day, version, view, doubt, doubted_at, ask_at)
        SELECT day, 0, '', \(doubt?.rawValue), CASE WHEN \(doubt != nil) THEN now() END,
            CASE WHEN \(doubt != nil) THEN now() END
        FROM generate_series(\(days.lowerBound.description)::date, \(days.upperBound.description)::date, '1 day') AS day
        ON CONFLICT DO NOTHING
        """
    }

    /// Days whose view another calendar made, the next ones first. Other processes look for others.
    static func outdated(limit: Int) -> SQL {
        """
        SELECT day::text AS day FROM days WHERE calendar_version < (SELECT version FROM calendar)
        ORDER BY day LIMIT \(limit) FOR UPDATE SKIP LOCKED
        """
    }

    /// Notes by which calendar the views are.
    static func agree(_ days: [LocalDay], with calendarVersion: Int) -> SQL {
        """
        UPDATE days SET calendar_version = \(calendarVersion)
        WHERE day = ANY (\(days.map(\.description))::date[]) AND calendar_version < \(calendarVersion)
        """
    }

    /// The next version of a day.
    static func write(_ day: LocalDay, version: Int, view: String) -> SQL {
        """
        UPDATE days SET version = \(version), view = \(view), changed_at = now() WHERE day = \(day.description)::date
        """
    }

    /// Withholds a day until a report that has not been asked for yet.
    static func withhold(_ day: LocalDay, because doubt: Doubt) -> SQL {
        """
        UPDATE days SET doubt = \(doubt.rawValue), doubted_at = coalesce(doubted_at, now()), report = NULL,
            ask_at = now() WHERE day = \(day.description)::date
        """
    }

    /// Ends the doubt.
    static func trust(_ day: LocalDay) -> SQL {
        """
        UPDATE days SET doubt = NULL, doubted_at = NULL, report = NULL, attempts = 0, ask_at = NULL
        WHERE day = \(day.description)::date
        """
    }

    /// What readers are shown of some days.
    static func entries(_ days: [LocalDay]) -> SQL {
        """
        SELECT day::text AS day, version, CASE WHEN doubt IS NULL THEN view END AS view FROM days
        WHERE day = ANY (\(days.map(\.description))::date[])
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

    /// Days that the cache may lack.
    static let uncached: SQL = """
        SELECT day::text AS day, version, CASE WHEN doubt IS NULL THEN view END AS view FROM days
        WHERE cached_version < version ORDER BY day LIMIT 500
        """

    /// Keeps days from changing until the transaction ends, in the order of ``lock(_:)``: two that note something of the
    /// same days would otherwise wait for each other.
    static func keep(_ days: [LocalDay]) -> SQL {
        "SELECT FROM days WHERE day = ANY (\(days.map(\.description))::date[]) ORDER BY day FOR NO KEY UPDATE"
    }

    /// Notes that the cache has these versions, or newer ones.
    static func cached(_ entries: [(day: LocalDay, version: Int)]) -> SQL {
        """
        UPDATE days SET cached_version = fresh.version
        FROM unnest(\(entries.map(\.day.description))::date[], \(entries.map(\.version))::bigint[])
            AS fresh (day, version)
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

    /// Notes which report was asked for, and when to ask for another.
    static func asked(_ days: [LocalDay], report: ReportID, patience: Duration) -> SQL {
        """
        UPDATE days SET report = \(report), attempts = attempts + 1,
            ask_at = now() + make_interval(secs => \(Int(patience.components.seconds)))
        WHERE day = ANY (\(days.map(\.description))::date[])
        """
    }

    static func prune(before day: LocalDay) -> SQL { "DELETE FROM days WHERE day < \(day.description)::date" }

    static func day(_ row: Row, _ column: String = "day") throws -> LocalDay {
        guard let day = LocalDay(try row.get(column, as: String.self)) else { throw CorruptRow(table: "days") }
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
