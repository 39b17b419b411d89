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

    static func record(_ cause: Cause, _ outcome: Outcome, _ day: LocalDay, version: Int) -> SQL {
        """
        INSERT INTO publications
            (event_id, event_type, aggregate, aggregate_version, day, view_version, outcome, happened_at, visible_at)
        VALUES (\(cause.id), \(cause.type), \(cause.aggregate), \(cause.version), \(day.description)::date, \(version),
            \(outcome.rawValue), \(cause.time), CASE WHEN \(outcome == .unchanged) THEN clock_timestamp() END)
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

    static let prune: SQL = "DELETE FROM publications WHERE applied_at < now() - interval '90 days'"
}
