import GuichetProtocol
import Postgres
import Primitives

/// The journal of publications: what each event did to which day, and when all readers could see it.
enum Journal {
    /// An event, and the days that it touches.
    struct Note: Sendable {
        let cause: Cause
        let days: [LocalDay]
    }

    /// An event that waits for the update of a day.
    struct Pending: Sendable {
        let id: Int
        let cause: Cause
    }

    /// The effect of an event on a day.
    struct Entry: Sendable {
        let id: Int
        let version: Int
        let outcome: PublicationView.Outcome
        /// Whether all readers can see that version already.
        let isVisible: Bool
    }

    /// Records which days events touch, in the order of the events. The days are updated afterwards.
    static func record(_ notes: [Note]) -> SQL { record(notes, where: "true") }

    /// Records which days events touch, except events that were recorded before.
    static func recordMissing(_ notes: [Note]) -> SQL {
        record(notes, where: "NOT EXISTS (SELECT FROM publications WHERE publications.event_id = news.event_id)")
    }

    private static func record(_ notes: [Note], where condition: SQL) -> SQL {
        let rows = notes.flatMap { note in note.days.map { (cause: note.cause, day: $0) } }
        return """
            INSERT INTO publications
                (event_id, event_type, aggregate, aggregate_version, correlation, day, happened_at)
            SELECT event_id, event_type, aggregate, aggregate_version, nullif(correlation, ''), day, happened_at
            FROM unnest(\(rows.map(\.cause.id))::uuid[], \(rows.map(\.cause.type))::text[],
                \(rows.map(\.cause.aggregate))::text[], \(rows.map(\.cause.version))::bigint[],
                \(rows.map { $0.cause.correlation ?? "" })::text[], \(rows.map(\.day.description))::date[],
                \(rows.map(\.cause.time))::timestamptz[]) WITH ORDINALITY
                AS news (event_id, event_type, aggregate, aggregate_version, correlation, day, happened_at, place)
            WHERE \(condition) ORDER BY place
            """
    }

    /// The events that wait for the update of these days, the oldest first.
    static func pending(_ days: [LocalDay]) -> Query<[LocalDay: [Pending]]> {
        Query(
            """
            SELECT id, day::text AS day, event_id, event_type, aggregate, aggregate_version, correlation, happened_at
            FROM publications WHERE view_version IS NULL AND day = ANY (\(days.map(\.description))::date[]) ORDER BY id
            """
        ) { rows in
            var pending: [LocalDay: [Pending]] = [:]
            for row in rows {
                pending[try Days.day(row), default: []].append(Pending(id: try row.get("id"), cause: try Cause(row)))
            }
            return pending
        }
    }

    /// Records the effects of events that waited.
    static func done(_ entries: [Entry], at now: Instant) -> SQL {
        """
        UPDATE publications SET view_version = done.version, outcome = done.outcome, applied_at = \(now),
            visible_at = CASE WHEN done.is_visible THEN \(now)::timestamptz END
        FROM unnest(\(entries.map(\.id))::bigint[], \(entries.map(\.version))::bigint[],
            \(entries.map(\.outcome.rawValue))::text[], \(entries.map { "\($0.isVisible)" })::boolean[])
            AS done (id, version, outcome, is_visible)
        WHERE publications.id = done.id
        """
    }

    /// Records a change of a day that no event had asked for.
    static func record(
        _ cause: Cause, _ outcome: PublicationView.Outcome, _ day: LocalDay, version: Int, at now: Instant
    ) -> SQL {
        """
        INSERT INTO publications (event_id, event_type, aggregate, aggregate_version, day, view_version, outcome,
            happened_at, applied_at)
        VALUES (\(cause.id), \(cause.type), \(cause.aggregate), \(cause.version), \(day.description)::date, \(version),
            \(outcome.rawValue), \(cause.time), \(now))
        """
    }

    /// Removes what is older than 90 days, and what waited for days that passed before they were opened.
    static func prune(at now: Instant) -> SQL {
        """
        DELETE FROM publications WHERE applied_at < \(now - .seconds(90 * 86_400))
            OR view_version IS NULL AND day < \(now)::date - 3
        """
    }
}
