import GuichetProtocol
import Postgres
import Primitives

/// The journal of publications: what each event did to which day, and when everybody could see it.
enum Journal {
    enum Outcome: String, Codable, CaseIterable, Sendable {
        /// Readers see another view.
        case published
        /// The event changed nothing that readers see.
        case unchanged
        /// The day is not shown until a report came.
        case withheld
        /// A report put the day right, or confirmed it.
        case recalculated
    }

    /// - Parameter isVisible: true when everybody sees that version already.
    static func record(
        _ cause: Cause, _ outcome: Outcome, _ day: LocalDay, version: Int, isVisible: Bool
    ) -> SQL {
        """
        INSERT INTO publications
            (event_id, event_type, aggregate, aggregate_version, day, view_version, outcome, happened_at, visible_at)
        VALUES (\(cause.id), \(cause.type), \(cause.aggregate), \(cause.version), \(day.description)::date, \(version),
            \(outcome.rawValue), \(cause.time), CASE WHEN \(isVisible) THEN clock_timestamp() END)
        """
    }

    /// Notes that everybody can see these versions; returns what has just become visible.
    static func visible(_ entries: [(day: LocalDay, version: Int)], at instant: Instant) -> SQL {
        """
        UPDATE publications SET visible_at = \(instant)
        FROM unnest(\(entries.map(\.day.description))::date[], \(entries.map(\.version))::bigint[])
            AS seen (day, version)
        WHERE publications.day = seen.day AND publications.view_version <= seen.version
            AND publications.visible_at IS NULL
        RETURNING publications.event_id, publications.day::text AS day, publications.happened_at
        """
    }

    /// Notes that everybody can see all that is committed; returns what has just become visible.
    static func allVisible(at instant: Instant) -> SQL {
        """
        UPDATE publications SET visible_at = \(instant) WHERE visible_at IS NULL
        RETURNING event_id, day::text AS day, happened_at
        """
    }

    /// How long the publications of the last hour took, in milliseconds, and how many are not seen by everybody yet.
    static let latencies: SQL = """
        SELECT count(milliseconds) AS publications,
            (SELECT count(*) FROM publications WHERE visible_at IS NULL) AS pending,
            percentile_disc(0.5) WITHIN GROUP (ORDER BY milliseconds) AS p50,
            percentile_disc(0.99) WITHIN GROUP (ORDER BY milliseconds) AS p99, max(milliseconds) AS max
        FROM (
            SELECT (extract(epoch FROM visible_at - happened_at) * 1000)::bigint AS milliseconds FROM publications
            WHERE applied_at > now() - interval '1 hour' AND outcome <> 'unchanged'
        ) AS recent
        """

    static let prune: SQL = "DELETE FROM publications WHERE applied_at < now() - interval '90 days'"
}
