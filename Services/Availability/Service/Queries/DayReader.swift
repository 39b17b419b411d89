import AvailabilityDomain
import EventLoop
import Postgres
import Primitives
import Runtime
import ServiceHost
import Tenancy

/// Reads the entries of days: from the cache, and from the database the days that are missing from the cache or cannot
/// be trusted.
@EventLoop
final class DayReader {
    private let context: ServiceContext
    private let cache: DayCache
    private let health: CacheHealth
    private let anomalies: AnomalyRecorder
    /// Days read from the cache, by finding: `hit`, `missing`, `corrupt`.
    private let lookups: MetricFamily<Counter>
    private let log = Logger("reading")
    /// Reads of the database that are running, by day: concurrent readers of one day share them.
    private var readings: [DayKey: Task<[DayKey: DayEntry], any Error>] = [:]
    /// The tenants whose entries readers have just read, for the patrol.
    var patrolOrder = PatrolOrder()

    init(_ context: ServiceContext, _ cache: DayCache, _ health: CacheHealth, _ anomalies: AnomalyRecorder) {
        (self.context, self.cache, self.health, self.anomalies) = (context, cache, health, anomalies)
        lookups = context.platform.metrics.counter(
            "guichet.publication.cache.lookups", by: ["finding"], "Days looked up in the cache, by finding.")
    }

    /// True while the cache is not trusted.
    var isDegraded: Bool { health.isDegraded }

    /// The entries of all `keys`.
    ///
    /// - Parameter isFresh: true to read the database only.
    func entries(of keys: [DayKey], isFresh: Bool = false) async throws -> [DayKey: DayEntry] {
        guard !isFresh, !health.isDegraded else { return try await read(keys, joining: !isFresh) }
        var last: TenantSlug?
        for key in keys where key.tenant != last {
            patrolOrder.noteReading(of: key.tenant)
            last = key.tenant
        }
        return try await cached(keys) { self.patrolOrder.noteDamage(of: $0) }
    }

    /// The entries of all `keys`, for the patrol, which needs not be sent to what it has just read.
    func patrol(_ keys: [DayKey]) async throws -> [DayKey: DayEntry] {
        guard !health.isDegraded else { return try await read(keys) }
        return try await cached(keys) { _ in }
    }

    /// Reads the cache, and the database for what the cache lacks. Calls `onDamage` with the tenant of each damaged entry.
    private func cached(
        _ keys: [DayKey], onDamage: @EventLoop (TenantSlug) -> Void
    ) async throws -> [DayKey: DayEntry] {
        let findings: [DayCache.Finding]
        do {
            findings = try await cache.find(keys)
        } catch {
            // The cache has just become unavailable, or is overloaded.
            return try await read(keys)
        }
        var (entries, missing, damaged): ([DayKey: DayEntry], [DayKey], [DayKey: [UInt8]]) = ([:], [], [:])
        for (key, finding) in zip(keys, findings) {
            switch finding {
            case .entry(let entry): entries[key] = entry
            case .missing: missing.append(key)
            case .corrupt(let bytes): damaged[key] = bytes
            }
        }
        lookups["hit"].increment(by: entries.count)
        lookups["missing"].increment(by: missing.count)
        lookups["corrupt"].increment(by: damaged.count)
        for key in damaged.keys { onDamage(key.tenant) }
        if !damaged.isEmpty { anomalies.reportCorruption(of: Array(damaged.keys)) }
        let absent = missing + damaged.keys
        guard !absent.isEmpty else { return entries }
        let read = try await read(absent)
        await restore(read, missing, damaged)
        return entries.merging(read) { $1 }
    }

    /// Reads the database, once for all concurrent readers of the same day. Days of a tenant whose server is
    /// unavailable are left out, unless there are no others.
    ///
    /// - Parameter joining: false for a reader that must not get the result of a read that began before.
    private func read(_ keys: [DayKey], joining: Bool = true) async throws -> [DayKey: DayEntry] {
        var tasks: [Task<[DayKey: DayEntry], any Error>] = []
        var mine: [TenantSlug: [DayKey]] = [:]
        for key in keys {
            if joining, let reading = readings[key] {
                tasks.append(reading)
            } else {
                mine[key.tenant, default: []].append(key)
            }
        }
        for (tenant, keys) in mine {
            let task = EventLoop.start { [self] in
                defer { for key in keys { readings[key] = nil } }
                return try await self.query(tenant, keys)
            }
            for key in keys { readings[key] = task }
            tasks.append(task)
        }
        var all: [DayKey: DayEntry] = [:]
        var outage: PostgresError?
        for task in tasks {
            do {
                all.merge(try await task.value) { $1 }
            } catch let error as PostgresError where error.isOutage {
                outage = error
            }
        }
        if let outage, all.isEmpty { throw outage }
        let wanted = Set(keys)
        return all.filter { wanted.contains($0.key) }
    }

    private func query(_ tenant: TenantSlug, _ keys: [DayKey]) async throws -> [DayKey: DayEntry] {
        let store: TenantStore
        do {
            store = try await context.store(for: tenant)
        } catch is TenantDirectory.Fault {
            return [:]
        }
        var entries = Dictionary(
            uniqueKeysWithValues: keys.map { ($0, DayEntry(key: $0, version: 0, content: .absent)) })
        let stored = try await store.data.ask(Days.entries(keys.map(\.day), of: tenant))
        for entry in stored { entries[entry.key] = entry }
        return entries
    }

    /// Stores in the cache what it lacked, and replaces what was damaged.
    private func restore(
        _ entries: [DayKey: DayEntry], _ missing: [DayKey], _ damaged: [DayKey: [UInt8]]
    ) async {
        do {
            try await cache.store(missing.compactMap { entries[$0] })
            for (key, bytes) in damaged {
                if let entry = entries[key] { try await cache.heal(bytes, with: entry) }
            }
        } catch {
            log.debug("the cache did not accept what it lacked", [.error: "\(error)"])
        }
    }
}
