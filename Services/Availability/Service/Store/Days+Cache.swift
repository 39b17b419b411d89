import Postgres
import Primitives

// Which versions of days the cache has.
extension Days {
    /// The most entries of ``uncached(of:)``.
    static let uncachedLimit = 500

    /// The entries that the cache may lack.
    static func uncached(of tenant: TenantSlug) -> Query<[DayEntry]> {
        .all(
            """
            SELECT day::text AS day, version, CASE WHEN doubt IS NULL THEN view END AS view FROM days
            WHERE cached_version < version ORDER BY day LIMIT \(uncachedLimit)
            """
        ) { try DayEntry($0, of: tenant) }
    }

    /// The version of each day that the cache has for certain.
    static let cachedVersions: Query<[LocalDay: Int]> = Query("SELECT day::text AS day, cached_version FROM days") {
        rows in
        var versions: [LocalDay: Int] = [:]
        for row in rows { versions[try day(row)] = try row.get("cached_version") }
        return versions
    }

    /// Stores that the cache has these versions, or newer ones. Days that are being updated are left out: most of them
    /// get another version, and the reconciler returns to the others.
    static func cached(_ entries: [DayEntry]) -> Query<Void> {
        Query(
            """
            WITH fresh AS (
                SELECT day, cached.version
                FROM unnest(\(entries.map(\.key.day.description))::date[], \(entries.map(\.version))::bigint[])
                    AS cached (day, version) JOIN days USING (day)
                FOR NO KEY UPDATE OF days SKIP LOCKED
            )
            UPDATE days SET cached_version = fresh.version FROM fresh
            WHERE days.day = fresh.day AND days.cached_version < fresh.version
            """
        ) { _ in }
    }

    /// Stores that the cache lacks these days.
    static func uncache(_ days: [LocalDay]) -> SQL {
        "UPDATE days SET cached_version = 0 WHERE day = ANY (\(days.map(\.description))::date[])"
    }
}
