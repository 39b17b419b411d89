import GuichetProtocol
import Messaging
import Postgres
import Primitives

/// What went wrong with publication: told as an event and kept for administrators.
enum Anomalies {
    enum AnomalyType: String, Codable, CaseIterable, Sendable {
        case cacheAway = "cache-away"
        case cacheBack = "cache-back"
        case latency
        case gap
        case corruptCache = "corrupt-cache"
        case divergence
        case overdue = "recalculation-overdue"
    }

    /// The statements that note an anomaly and tell of it.
    static func record(
        _ kind: AnomalyType, day: LocalDay? = nil, event: EventID? = nil, _ detail: String, tenant: TenantSlug,
        at now: Instant,
        causation: EventAttributes? = nil
    ) throws -> [SQL] {
        let id = AnomalyID.new(at: now)
        let told = AnomalyDetected(kind: kind.rawValue, day: day, event: event, detail: detail)
        return [
            """
            INSERT INTO anomalies (id, at, kind, day, event_id, detail)
            VALUES (\(id), \(now), \(kind.rawValue), \(day?.description)::date, \(event), \(detail))
            """,
            try Outbox.record(
                told, of: id.description, version: 1, tenant: tenant, at: now, causation: causation),
        ]
    }

    static let prune: SQL = "DELETE FROM anomalies WHERE at < now() - interval '90 days'"
}
