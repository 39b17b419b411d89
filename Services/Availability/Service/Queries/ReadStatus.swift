import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Postgres
import ServiceHost
import Tenancy

/// Reads the state of publication, for one tenant and in this process.
@EventLoop
struct ReadStatus {
    let context: ServiceContext
    let offices: Offices
    let health: CacheHealth
    let listAnomalies = ListAnomalies()

    init(_ context: ServiceContext, _ offices: Offices, _ health: CacheHealth) {
        (self.context, self.offices, self.health) = (context, offices, health)
    }

    func callAsFunction(_ store: TenantStore) async throws -> StatusView {
        let (days, latency) = try await store.data.ask(Days.count, Journal.latencies(at: context.now))
        let lastAnomaly = try await listAnomalies(.all, before: nil, count: 1, in: store.data).first
        let tenant = store.tenant.slug
        return StatusView(
            office: tenant, degraded: health.isDegraded, since: health.since, days: days.days,
            quarantined: days.doubted, uncached: days.uncached,
            latencyLimitMilliseconds: offices.latencyLimit(of: tenant).milliseconds, latency: latency,
            lastAnomaly: lastAnomaly)
    }
}
