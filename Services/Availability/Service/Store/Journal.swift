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

    /// The effect on a day of an event that waited.
    struct Done: Sendable {
        let id: Int
        let version: Int
        let outcome: PublicationView.Outcome
        /// Whether all readers can see that version already.
        let isVisible: Bool
    }

    /// The effect on a day of an event that did not wait, or of a change that no event had asked for.
    struct Line: Sendable {
        let cause: Cause
        let day: LocalDay
        let version: Int
        let outcome: PublicationView.Outcome
        /// Whether all readers can see that version already.
        let isVisible: Bool
    }

    /// Records which days events touch, in the order of the events. The days are updated afterwards.
    static func record(_ notes: [Note]) -> SQL { record(notes, where: "true") }

    /// Records which days events touch, except events that were recorded before. An event that was delivered several times
    /// may stand several times in `notes`.
    static func recordMissing(_ notes: [Note]) -> SQL {
        var known: Set<EventID> = []
        return record(
            notes.filter { known.insert($0.cause.id).inserted },
            where: "NOT EXISTS (SELECT FROM publications WHERE publications.event_id = news.event_id)")
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
    static func done(_ events: [Done], at now: Instant) -> SQL {
        """
        UPDATE publications SET view_version = done.version, outcome = done.outcome, applied_at = \(now),
            visible_at = CASE WHEN done.is_visible THEN \(now)::timestamptz END
        FROM unnest(\(events.map(\.id))::bigint[], \(events.map(\.version))::bigint[],
            \(events.map(\.outcome.rawValue))::text[], \(events.map { "\($0.isVisible)" })::boolean[])
            AS done (id, version, outcome, is_visible)
        WHERE publications.id = done.id
        """
    }

    /// Adds lines whose effect is known, in their order.
    static func record(_ lines: [Line], at now: Instant) -> SQL {
        """
        INSERT INTO publications (event_id, event_type, aggregate, aggregate_version, correlation, day, happened_at,
            view_version, outcome, applied_at, visible_at)
        SELECT event_id, event_type, aggregate, aggregate_version, nullif(correlation, ''), day, happened_at,
            view_version, outcome, \(now)::timestamptz, CASE WHEN is_visible THEN \(now)::timestamptz END
        FROM unnest(\(lines.map(\.cause.id))::uuid[], \(lines.map(\.cause.type))::text[],
            \(lines.map(\.cause.aggregate))::text[], \(lines.map(\.cause.version))::bigint[],
            \(lines.map { $0.cause.correlation ?? "" })::text[], \(lines.map(\.day.description))::date[],
            \(lines.map(\.cause.time))::timestamptz[], \(lines.map(\.version))::bigint[],
            \(lines.map(\.outcome.rawValue))::text[], \(lines.map { "\($0.isVisible)" })::boolean[]) WITH ORDINALITY
            AS news (event_id, event_type, aggregate, aggregate_version, correlation, day, happened_at, view_version,
                outcome, is_visible, place)
        ORDER BY place
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
