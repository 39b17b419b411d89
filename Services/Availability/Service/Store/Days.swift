import AvailabilityDomain
import GuichetProtocol
import Postgres
import Primitives
import Scheduling

/// The statements about the views of days.
enum Days {
    /// Inserts the days that do not exist yet, in doubt or not.
    static func open(_ days: ClosedRange<LocalDay>, doubt: Doubt?, at now: Instant) -> SQL {
        let doubtedAt = doubt == nil ? nil : now
        return """
            INSERT INTO days (day, version, view, changed_at, doubt, doubted_at, ask_at)
            SELECT day, 0, '', \(now)::timestamptz, \(doubt?.rawValue), \(doubtedAt)::timestamptz,
                \(doubtedAt)::timestamptz
            FROM generate_series(\(days.lowerBound.description)::date, \(days.upperBound.description)::date, '1 day')
                AS day
            ON CONFLICT DO NOTHING
            """
    }

    /// What readers are shown of some days.
    static func entries(_ days: [LocalDay], of tenant: TenantSlug) -> Query<[DayEntry]> {
        .all(
            """
            SELECT day::text AS day, version, CASE WHEN doubt IS NULL THEN view END AS view FROM days
            WHERE day = ANY (\(days.map(\.description))::date[]) AND version > 0
            """
        ) { try DayEntry($0, of: tenant) }
    }

    /// The days whose entry has changed since `instant`. A transaction commits some time after the instant that it
    /// stores, so days that changed up to a minute before are included.
    static func changed(_ days: [LocalDay], since instant: Instant) -> Query<[LocalDay]> {
        .all(
            """
            SELECT day::text AS day FROM days
            WHERE day = ANY (\(days.map(\.description))::date[]) AND changed_at > \(instant - .seconds(60))
            """
        ) { try day($0) }
    }

    private static let states: SQL = """
        SELECT day::text AS day, version, changed_at, cached_version, doubt, doubted_at, attempts, ask_at FROM days
        """

    /// The state of one day; nil if the tenant does not publish it.
    static func state(of day: LocalDay) -> Query<DayState?> {
        .first("\(states) WHERE day = \(day.description)::date", state)
    }

    /// The states of at most `limit` days after `position`: all, those in doubt, or the others.
    static func states(after position: LocalDay?, areDoubted: Bool?, limit: Int) -> Query<[DayState]> {
        .all(
            """
            \(states) WHERE (\(position?.description)::date IS NULL OR day > \(position?.description)::date)
                AND (\(areDoubted)::boolean IS NULL OR (doubt IS NOT NULL) = \(areDoubted))
            ORDER BY day LIMIT \(limit)
            """, state)
    }

    private static func state(_ row: Row) throws -> DayState {
        DayState(
            day: try day(row), version: try row.get("version"), changedAt: try row.get("changed_at"),
            cachedVersion: try row.get("cached_version"), doubt: try row.find("doubt"),
            since: try row.find("doubted_at"), attempts: try row.get("attempts"), askAt: try row.find("ask_at"))
    }

    /// Counts the days, those in doubt, and those that the cache may lack.
    static let count: Query<DayCounts> = .one(
        """
        SELECT count(*) AS days, count(*) FILTER (WHERE doubt IS NOT NULL) AS doubted,
            count(*) FILTER (WHERE cached_version < version) AS uncached FROM days
        """
    ) { DayCounts(days: try $0.get("days"), doubted: try $0.get("doubted"), uncached: try $0.get("uncached")) }

    static func prune(before day: LocalDay) -> SQL { "DELETE FROM days WHERE day < \(day.description)::date" }

    static func day(_ row: Row) throws -> LocalDay {
        guard let day = LocalDay(try row.get("day", as: String.self)) else { throw CorruptRow("days") }
        return day
    }
}

/// How many days a tenant publishes.
struct DayCounts: Sendable {
    let days: Int
    let doubted: Int
    let uncached: Int
}

extension DayEntry {
    /// A row with the columns `day`, `version` and `view`.
    init(_ row: Row, of tenant: TenantSlug) throws {
        let view: String? = try row.find("view")
        self.init(
            key: DayKey(tenant: tenant, day: try Days.day(row)), version: try row.get("version"),
            content: view.map(Content.view) ?? .withheld)
    }
}
