import GuichetProtocol
import Postgres
import Primitives

/// What one event did to one day, and when everybody could see it.
struct PublicationView: Codable, Sendable {
    let number: Int
    let eventId: EventID
    let eventType: String
    /// `<kind>/<id>` of what the event is about, and its version after the event.
    let aggregate: String
    let aggregateVersion: Int
    let day: LocalDay
    let viewVersion: Int
    let outcome: Journal.Outcome
    let happenedAt: Instant
    let appliedAt: Instant
    /// Nil while somebody may still see what was before.
    let visibleAt: Instant?
    /// From the event to everybody seeing its effect.
    let latencyMilliseconds: Int?

    init(_ row: Row) throws {
        (number, eventId, eventType) = (try row.get("id"), try row.get("event_id"), try row.get("event_type"))
        (aggregate, aggregateVersion) = (try row.get("aggregate"), try row.get("aggregate_version"))
        (day, viewVersion) = (try Days.day(row), try row.get("view_version"))
        guard let outcome = Journal.Outcome(rawValue: try row.get("outcome")) else {
            throw CorruptRow("publications")
        }
        (self.outcome, happenedAt, appliedAt) = (outcome, try row.get("happened_at"), try row.get("applied_at"))
        visibleAt = try row.find("visible_at")
        let happened = happenedAt
        latencyMilliseconds = visibleAt.map { Int(($0 - happened) / .milliseconds(1)) }
    }
}

/// Something that did not go as it should.
struct AnomalyView: Codable, Sendable {
    let id: AnomalyID
    let at: Instant
    let kind: Anomalies.AnomalyType
    let day: LocalDay?
    let eventId: EventID?
    let detail: String

    init(_ row: Row) throws {
        guard let kind = Anomalies.AnomalyType(rawValue: try row.get("kind")) else {
            throw CorruptRow("anomalies")
        }
        (id, at, self.kind) = (try row.get("id"), try row.get("at"), kind)
        day = try row.find("day", as: String.self).flatMap { LocalDay($0) }
        (eventId, detail) = (try row.find("event_id"), try row.get("detail"))
    }
}

/// How it stands with one day.
struct DayState: Codable, Sendable {
    let day: LocalDay
    let version: Int
    let changedAt: Instant
    /// The newest version that the cache has for certain.
    let cachedVersion: Int
    /// Why nothing of it is shown; nil while it is trusted.
    let doubt: String?
    /// Since when it is in doubt.
    let since: Instant?
    /// How often a report was asked for, and when it will be asked for again.
    let attempts: Int
    let askAt: Instant?

    init(_ row: Row) throws {
        (day, version, changedAt) = (try Days.day(row), try row.get("version"), try row.get("changed_at"))
        (cachedVersion, doubt, since) = (
            try row.get("cached_version"), try row.find("doubt"), try row.find("doubted_at")
        )
        (attempts, askAt) = (try row.get("attempts"), try row.find("ask_at"))
    }
}

/// The numbers of a tenant that tell how its publication goes.
struct PublicationStatus: Sendable {
    let days: Int
    let quarantined: Int
    let uncached: Int
    let latency: LatencyView
    let lastAnomaly: AnomalyView?

    init(days: Row, latencies: Row, lastAnomaly: AnomalyView?) throws {
        (self.days, quarantined, uncached) = (try days.get("days"), try days.get("doubted"), try days.get("uncached"))
        (latency, self.lastAnomaly) = (try LatencyView(latencies), lastAnomaly)
    }
}

/// How long publications of the last hour took, in milliseconds; nil when there were none.
struct LatencyView: Codable, Sendable {
    let publications: Int
    /// Those that somebody may not see yet, of whatever age.
    let pending: Int
    let p50: Int?
    let p99: Int?
    let max: Int?

    init(_ row: Row) throws {
        (publications, pending) = (try row.get("publications"), try row.get("pending"))
        (p50, p99, max) = (try row.find("p50"), try row.find("p99"), try row.find("max"))
    }
}

/// How publication goes, for one tenant and in this process.
struct StatusView: Codable, Sendable {
    let office: TenantSlug
    /// True while searches read the database, as this process finds no cache that it may believe.
    let degraded: Bool
    /// Since when it is so, or is not.
    let since: Instant
    let days: Int
    /// Days in doubt, of which nothing is shown.
    let quarantined: Int
    /// Days that the cache may lack.
    let uncached: Int
    let latencyLimitMilliseconds: Int
    let latency: LatencyView
    let lastAnomaly: AnomalyView?

    init(_ office: TenantSlug, _ status: PublicationStatus, degraded: Bool, since: Instant, limit: Int) {
        (self.office, self.degraded, self.since, latencyLimitMilliseconds) = (office, degraded, since, limit)
        (days, quarantined, uncached) = (status.days, status.quarantined, status.uncached)
        (latency, lastAnomaly) = (status.latency, status.lastAnomaly)
    }
}
