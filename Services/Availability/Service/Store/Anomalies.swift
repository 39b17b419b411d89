import GuichetProtocol
import Messaging
import Postgres
import Primitives

/// Something that went wrong with publication: kept for administrators and published as an event.
struct Anomaly: Sendable {
    let kind: AnomalyView.AnomalyType
    var day: LocalDay?
    var event: EventID?
    /// One sentence for the administrator.
    let detail: String
}

enum Anomalies {
    /// Which anomalies are listed; nil means all.
    struct Filter: Sendable {
        let kind: AnomalyView.AnomalyType?
        let from: Instant?
        let to: Instant?

        static let all = Filter(kind: nil, from: nil, to: nil)
    }

    /// The last anomaly of a page.
    struct Position: Codable, Sendable {
        let at: Instant
        let id: AnomalyID
    }

    /// The statements that store an anomaly and its event.
    static func record(
        _ anomaly: Anomaly, tenant: TenantSlug, at now: Instant, causation: EventAttributes? = nil
    ) throws -> [SQL] {
        let id = AnomalyID.new(at: now)
        let event = AnomalyDetected(
            kind: anomaly.kind.rawValue, day: anomaly.day, event: anomaly.event, detail: anomaly.detail)
        return [
            """
            INSERT INTO anomalies (id, at, kind, day, event_id, detail)
            VALUES (\(id), \(now), \(anomaly.kind.rawValue), \(anomaly.day?.description)::date, \(anomaly.event),
                \(anomaly.detail))
            """,
            try Outbox.record(
                event, of: id.description, version: 1, tenant: tenant, at: now, causation: causation),
        ]
    }

    /// At most `count` anomalies before `position`, the newest first.
    static func list(_ filter: Filter, before position: Position?, count: Int) -> SQL {
        """
        SELECT id, at, kind, day::text AS day, event_id, detail FROM anomalies
        WHERE (\(filter.kind?.rawValue)::text IS NULL OR kind = \(filter.kind?.rawValue))
            AND (\(filter.from)::timestamptz IS NULL OR at >= \(filter.from))
            AND (\(filter.to)::timestamptz IS NULL OR at < \(filter.to))
            AND (\(position?.at)::timestamptz IS NULL
                OR (at, id) < (\(position?.at)::timestamptz, \(position?.id)::uuid))
        ORDER BY at DESC, id DESC LIMIT \(count)
        """
    }

    static func view(_ row: Row) throws -> AnomalyView {
        guard let kind = AnomalyView.AnomalyType(rawValue: try row.get("kind")) else { throw CorruptRow("anomalies") }
        return AnomalyView(
            id: try row.get("id"), at: try row.get("at"), kind: kind,
            day: try row.find("day", as: String.self).flatMap { LocalDay($0) }, eventId: try row.find("event_id"),
            detail: try row.get("detail"))
    }

    /// Removes anomalies that are older than 90 days.
    static func prune(at now: Instant) -> SQL { "DELETE FROM anomalies WHERE at < \(now - .seconds(90 * 86_400))" }
}
