import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Reads the whole cache again and again, a part every few seconds, so that damaged and outdated entries are found before a
/// reader asks for them. Tenants in whose entries a reader has found damage come first, then those that were just read.
@EventLoop
final class CacheScrubber {
    /// A run of the round ends after so many days or tenants: a tenant that is new has no days.
    private static let (daysAtOnce, tenantsAtOnce) = (50, 2)
    /// Tenants that one run reads before it continues the round, at most.
    private static let preferredAtOnce = 4

    private let service: AvailabilityService
    private var tenants: [TenantSlug] = []

    init(_ service: AvailabilityService) { self.service = service }

    func run() async throws {
        guard !service.health.isDegraded else { return }
        for _ in 0..<Self.preferredAtOnce {
            guard let tenant = service.reader.patrolOrder.next() else { break }
            _ = try await check(service.context.store(for: tenant))
        }
        if tenants.isEmpty {
            try await service.context.platform.directory.onEachServer { self.tenants += $0.tenants.map(\.tenant.slug) }
        }
        var (checked, count) = (0, 0)
        while checked < Self.daysAtOnce, count < Self.tenantsAtOnce, let tenant = tenants.popLast() {
            checked += try await check(service.context.store(for: tenant))
            count += 1
        }
    }

    /// Returns how many days there are. Reading repairs what is damaged or missing; an entry that is older than the one
    /// that was published is published again.
    private func check(_ store: TenantStore) async throws -> Int {
        let tenant = store.tenant.slug
        let versions = try await store.data.inBackground.ask(Days.cachedVersions)
        let entries = try await service.reader.patrol(versions.keys.map { DayKey(tenant: tenant, day: $0) })
        let outdated = versions.keys.map { DayKey(tenant: tenant, day: $0) }.filter { key in
            entries[key].map { $0.version < versions[key.day] ?? 0 } ?? false
        }
        if !outdated.isEmpty {
            try await store.data.inBackground.query(Days.uncache(outdated.map(\.day)))
            service.anomalies.reportCorruption(of: outdated)
        }
        return versions.count
    }
}
