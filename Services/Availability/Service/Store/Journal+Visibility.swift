import GuichetProtocol
import Postgres
import Primitives

/// An effect of an event on a day that has just become visible to all readers.
struct VisiblePublication: Sendable {
    let event: EventID
    let day: LocalDay
    let happenedAt: Instant
    let seenAt: Instant

    var latency: Duration { seenAt - happenedAt }

    init(_ row: Row) throws {
        (event, day) = (try row.get("event_id"), try Days.day(row))
        (happenedAt, seenAt) = (try row.get("happened_at"), try row.get("visible_at"))
    }
}

// When publications became visible, and how long they took.
extension Journal {
    /// Records since when all readers can see these versions; returns what has just become visible. A version that another
    /// one had replaced before it was seen is visible with that one.
    static func visible(_ entries: [SeenEntry]) -> Query<[VisiblePublication]> {
        .all(
            """
            WITH seen (day, version, at) AS (
                SELECT * FROM unnest(\(entries.map(\.entry.key.day.description))::date[],
                    \(entries.map(\.entry.version))::bigint[], \(entries.map(\.instant))::timestamptz[])
            ), newest AS (
                SELECT id FROM publications JOIN (SELECT day, max(version) AS version FROM seen GROUP BY day) AS last
                    USING (day)
                WHERE view_version <= last.version AND visible_at IS NULL ORDER BY id FOR UPDATE OF publications
            )
            UPDATE publications SET visible_at = (
                SELECT min(at) FROM seen WHERE seen.day = publications.day AND seen.version >= view_version
            )
            WHERE id IN (SELECT id FROM newest)
            RETURNING event_id, day::text AS day, happened_at, visible_at
            """, VisiblePublication.init)
    }

    /// Records that all readers can see everything that is committed; returns what has just become visible.
    static func allVisible(at instant: Instant) -> Query<[VisiblePublication]> {
        .all(
            """
            UPDATE publications SET visible_at = \(instant) WHERE visible_at IS NULL AND view_version IS NOT NULL
            RETURNING event_id, day::text AS day, happened_at, visible_at
            """, VisiblePublication.init)
    }

    /// How long the publications of the last hour took, in milliseconds, and how many are not visible to all readers
    /// yet.
    static func latencies(at now: Instant) -> Query<LatencyView> {
        .one(
            """
            SELECT count(milliseconds) AS publications,
                (SELECT count(*) FROM publications WHERE visible_at IS NULL) AS pending,
                percentile_disc(0.5) WITHIN GROUP (ORDER BY milliseconds) AS p50,
                percentile_disc(0.99) WITHIN GROUP (ORDER BY milliseconds) AS p99, max(milliseconds) AS max
            FROM (
                SELECT (extract(epoch FROM visible_at - happened_at) * 1000)::bigint AS milliseconds FROM publications
                WHERE applied_at > \(now - .seconds(3600)) AND outcome <> 'unchanged'
            ) AS recent
            """
        ) { row in
            LatencyView(
                publications: try row.get("publications"), pending: try row.get("pending"), p50: try row.find("p50"),
                p99: try row.find("p99"), max: try row.find("max"))
        }
    }
}
