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

    /// What a look at a day found.
    struct Entry: Sendable {
        let id: Int
        let version: Int
        let outcome: Outcome
        /// True when everybody sees that version already.
        let isVisible: Bool
    }

    /// An event, and the days that it touches.
    struct Note: Sendable {
        let cause: Cause
        let days: [LocalDay]
    }

    /// Notes which days events touch, in the order of the events. The days are looked at afterwards.
    static func record(_ notes: [Note]) -> SQL {
        let rows = notes.flatMap { note in note.days.map { (cause: note.cause, day: $0) } }
        return """
            INSERT INTO publications
                (event_id, event_type, aggregate, aggregate_version, correlation, day, happened_at)
            SELECT event_id, event_type, aggregate, aggregate_version, nullif(correlation, ''), day, happened_at
            FROM unnest(\(rows.map(\.cause.id))::uuid[], \(rows.map(\.cause.type))::text[],
                \(rows.map(\.cause.aggregate))::text[], \(rows.map(\.cause.version))::bigint[],
                \(rows.map { $0.cause.correlation ?? "" })::text[], \(rows.map(\.day.description))::date[],
                \(rows.map(\.cause.time))::timestamptz[]) WITH ORDINALITY
                AS told (event_id, event_type, aggregate, aggregate_version, correlation, day, happened_at, place)
            ORDER BY place
            """
    }

    /// What waits for these days to be looked at, the oldest first.
    static func pending(_ days: [LocalDay]) -> SQL {
        """
        SELECT id, day::text AS day, event_id, event_type, aggregate, aggregate_version, correlation, happened_at
        FROM publications WHERE view_version IS NULL AND day = ANY (\(days.map(\.description))::date[]) ORDER BY id
        """
    }

    /// Notes what became of what waited.
    static func done(_ entries: [Entry]) -> SQL {
        """
        UPDATE publications SET view_version = done.version, outcome = done.outcome, applied_at = clock_timestamp(),
            visible_at = CASE WHEN done.is_visible THEN clock_timestamp() END
        FROM unnest(\(entries.map(\.id))::bigint[], \(entries.map(\.version))::bigint[],
            \(entries.map(\.outcome.rawValue))::text[], \(entries.map { "\($0.isVisible)" })::boolean[])
            AS done (id, version, outcome, is_visible)
        WHERE publications.id = done.id
        """
    }

    /// Notes what a look at a day found that no event had asked for.
    static func record(_ cause: Cause, _ outcome: Outcome, _ day: LocalDay, version: Int) -> SQL {
        """
        INSERT INTO publications (event_id, event_type, aggregate, aggregate_version, day, view_version, outcome,
            happened_at, applied_at)
        VALUES (\(cause.id), \(cause.type), \(cause.aggregate), \(cause.version), \(day.description)::date, \(version),
            \(outcome.rawValue), \(cause.time), clock_timestamp())
        """
    }

    /// Notes that everybody can see these versions; returns what has just become visible.
    static func visible(_ entries: [(day: LocalDay, version: Int)], at instant: Instant) -> SQL {
        """
        UPDATE publications SET visible_at = \(instant) WHERE id IN (
            SELECT id FROM publications JOIN unnest(
                \(entries.map(\.day.description))::date[], \(entries.map(\.version))::bigint[]) AS seen (day, version)
                USING (day)
            WHERE view_version <= seen.version AND visible_at IS NULL ORDER BY id FOR UPDATE OF publications
        )
        RETURNING event_id, day::text AS day, happened_at
        """
    }

    /// Notes that everybody can see all that is committed; returns what has just become visible.
    static func allVisible(at instant: Instant) -> SQL {
        """
        UPDATE publications SET visible_at = \(instant) WHERE visible_at IS NULL AND view_version IS NOT NULL
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

    /// Forgets what is old, and what waited for days that have passed without ever being opened.
    static let prune: SQL = """
        DELETE FROM publications WHERE applied_at < now() - interval '90 days'
            OR view_version IS NULL AND day < current_date - 3
        """
}
