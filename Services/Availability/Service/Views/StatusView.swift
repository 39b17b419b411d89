import Primitives

/// How long the publications of the last hour took, in milliseconds; nil if there were none.
struct LatencyView: Codable, Sendable {
    let publications: Int
    /// Publications of any age that some readers may not see yet.
    let pending: Int
    let p50: Int?
    let p99: Int?
    let max: Int?
}

/// The state of publication, for one tenant and in this process.
struct StatusView: Codable, Sendable {
    let office: TenantSlug
    /// True while searches read the database because this process cannot trust the cache.
    let degraded: Bool
    /// Since when this has been so.
    let since: Instant
    let days: Int
    /// Days in doubt, of which nothing is shown.
    let quarantined: Int
    /// Days that the cache may lack.
    let uncached: Int
    let latencyLimitMilliseconds: Int
    let latency: LatencyView
    let lastAnomaly: AnomalyView?
}
