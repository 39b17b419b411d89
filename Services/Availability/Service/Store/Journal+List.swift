import GuichetProtocol
import Postgres
import Primitives

extension Journal {
    /// Which publications are listed; nil means all.
    struct Filter: Sendable {
        let eventID: EventID?
        let day: LocalDay?
        /// When they were applied.
        let from: Instant?
        let to: Instant?
        let outcome: PublicationView.Outcome?
    }

    /// At most `count` publications before `position`, the newest first.
    static func list(_ filter: Filter, before position: Int?, count: Int) -> SQL {
        """
        SELECT id, event_id, event_type, aggregate, aggregate_version, day::text AS day, view_version, outcome,
            happened_at, applied_at, visible_at
        FROM publications
        WHERE view_version IS NOT NULL AND (\(filter.eventID)::uuid IS NULL OR event_id = \(filter.eventID))
            AND (\(filter.day?.description)::date IS NULL OR day = \(filter.day?.description)::date)
            AND (\(filter.from)::timestamptz IS NULL OR applied_at >= \(filter.from))
            AND (\(filter.to)::timestamptz IS NULL OR applied_at < \(filter.to))
            AND (\(filter.outcome?.rawValue)::text IS NULL OR outcome = \(filter.outcome?.rawValue))
            AND (\(position)::bigint IS NULL OR id < \(position))
        ORDER BY id DESC LIMIT \(count)
        """
    }

    static func view(_ row: Row) throws -> PublicationView {
        guard let outcome = PublicationView.Outcome(rawValue: try row.get("outcome")) else {
            throw CorruptRow("publications")
        }
        return PublicationView(
            number: try row.get("id"), eventId: try row.get("event_id"), eventType: try row.get("event_type"),
            aggregate: try row.get("aggregate"), aggregateVersion: try row.get("aggregate_version"),
            day: try Days.day(row), viewVersion: try row.get("view_version"), outcome: outcome,
            happenedAt: try row.get("happened_at"), appliedAt: try row.get("applied_at"),
            visibleAt: try row.find("visible_at"))
    }
}
