import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import ServiceHost
import Tenancy

/// Reads the whole cache again and again, a part each second, so that a damaged entry is found before somebody asks for
/// it, and an old one though nothing looks wrong.
@EventLoop
final class Patrol {
    /// Days that are looked at in one run.
    private static let share = 200

    private let service: AvailabilityService
    private var tenants: [TenantSlug] = []

    init(service: AvailabilityService) { self.service = service }

    func run() async throws {
        guard !service.health.isDegraded else { return }
        if tenants.isEmpty {
            try await service.platform.directory.onEachServer { self.tenants += $0.tenants.map(\.tenant.slug) }
        }
        var seen = 0
        while seen < Self.share, let tenant = tenants.popLast() {
            seen += try await look(at: service.platform.directory.store(for: tenant))
        }
    }

    /// Returns how many days there were. Reading heals what is damaged or missing; what is older than the cache was told
    /// is published again.
    private func look(at store: TenantStore) async throws -> Int {
        let tenant = store.tenant.slug
        let rows = try await store.data.inBackground.query("SELECT day::text AS day, cached_version FROM days")
        var versions: [DayKey: Int] = [:]
        for row in rows { versions[DayKey(tenant: tenant, day: try Days.day(row))] = try row.get("cached_version") }
        let entries = try await service.reader.entries(of: Array(versions.keys))
        let old = versions.filter { key, version in entries[key].map { $0.version < version } ?? false }.map(\.key.day)
        if !old.isEmpty {
            try await store.data.inBackground.query(Days.uncache(old))
            service.chores.noteCorruption(of: old.map { DayKey(tenant: tenant, day: $0) })
        }
        return versions.count
    }
}
