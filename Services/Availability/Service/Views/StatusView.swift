import Primitives

/// How long the publications of the last hour took, in milliseconds.
struct LatencyView: Codable, Sendable {
    /// The publications of the last hour.
    let publications: Int
    /// Publications of any age that some readers may not see yet.
    let pending: Int
    /// The median; absent without publications.
    let p50: Int?
    /// The 99th percentile; absent without publications.
    let p99: Int?
    /// The longest; absent without publications.
    let max: Int?
}

/// The state of publication, for one tenant and in this process.
struct StatusView: Codable, Sendable {
    /// The slug of the tenant.
    let office: TenantSlug
    /// True while searches read the database because this process cannot trust the cache.
    let degraded: Bool
    /// Since when this has been so.
    let since: Instant
    /// The days that are published.
    let days: Int
    /// Days in doubt, of which nothing is shown.
    let quarantined: Int
    /// Days that the cache may lack.
    let uncached: Int
    /// The limit that the tenant has set.
    let latencyLimitMilliseconds: Int
    /// How long publications take.
    let latency: LatencyView
    /// The last anomaly; absent if there was none.
    let lastAnomaly: AnomalyView?
}
