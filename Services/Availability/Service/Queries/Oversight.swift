import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Tenancy

/// What an administrator looks into: how publication went, and how it goes. The lists may be a moment old.
@EventLoop
struct Oversight {
    /// Which publications; nil means all.
    struct PublicationFilter: Sendable {
        let eventID: EventID?
        let day: LocalDay?
        /// When they were applied.
        let from: Instant?
        let to: Instant?
        let outcome: Journal.Outcome?
    }

    /// Which anomalies; nil means all.
    struct AnomalyFilter: Sendable {
        let kind: Anomalies.Kind?
        let from: Instant?
        let to: Instant?
    }

    /// Where a page of anomalies ended.
    struct AnomalyPosition: Codable, Sendable {
        let at: Instant
        let id: AnomalyID
    }

    /// A tenant's data, or the service's own: what concerns no tenant alone.
    let data: SchemaStore

    /// At most `count` publications before `position`, the newest first.
    func publications(_ filter: PublicationFilter, before position: Int?, count: Int) async throws -> [PublicationView]
    {
        try await data.read(
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
        ).map(PublicationView.init)
    }

    /// At most `count` anomalies before `position`, the newest first.
    func anomalies(
        _ filter: AnomalyFilter, before position: AnomalyPosition?, count: Int
    ) async throws -> [AnomalyView] {
        try await data.read(
            """
            SELECT id, at, kind, day::text AS day, event_id, detail FROM anomalies
            WHERE (\(filter.kind?.rawValue)::text IS NULL OR kind = \(filter.kind?.rawValue))
                AND (\(filter.from)::timestamptz IS NULL OR at >= \(filter.from))
                AND (\(filter.to)::timestamptz IS NULL OR at < \(filter.to))
                AND (\(position?.at)::timestamptz IS NULL
                    OR (at, id) < (\(position?.at)::timestamptz, \(position?.id)::uuid))
            ORDER BY at DESC, id DESC LIMIT \(count)
            """
        ).map(AnomalyView.init)
    }

    /// At most `count` days after `position`, the next one first.
    func days(areDoubted: Bool?, after position: LocalDay?, count: Int) async throws -> [DayState] {
        try await data.query(Days.states(after: position, areDoubted: areDoubted, limit: count)).map(DayState.init)
    }

    /// The numbers that tell how publication goes.
    func status() async throws -> PublicationStatus {
        let rows = try await data.batch([Days.count, Journal.latencies])
        let last = try await anomalies(.init(kind: nil, from: nil, to: nil), before: nil, count: 1).first
        return try PublicationStatus(days: rows[0][0], latencies: rows[1][0], lastAnomaly: last)
    }
}
