import EventLoop
import Postgres
import Primitives
import Redis
import Runtime
import Tenancy

/// Reads what is shown of days: from the cache, and from the database what the cache has not or may not be believed on.
@EventLoop
final class DayReader {
    private let cache: DayCache
    private let health: CacheHealth
    private let directory: TenantDirectory
    private let metrics: PublicationMetrics
    private let log = Logger("reading")
    /// Reads of the database under way, by day: who wants the same waits for them.
    private var readings: [DayKey: Task<[DayKey: DayEntry], any Error>] = [:]
    /// Called with the days that were found damaged.
    var onCorruption: @EventLoop ([DayKey]) -> Void = { _ in }

    init(
        _ cache: DayCache, _ health: CacheHealth, _ directory: TenantDirectory, _ metrics: PublicationMetrics
    ) {
        (self.cache, self.health, self.directory, self.metrics) = (cache, health, directory, metrics)
    }

    /// True while the cache is not believed.
    var isDegraded: Bool { health.isDegraded }

    /// The entries of all `keys`.
    ///
    /// - Parameter isFresh: true to ask the database alone.
    func entries(of keys: [DayKey], isFresh: Bool = false) async throws -> [DayKey: DayEntry] {
        guard !isFresh, !health.isDegraded else { return try await read(keys, joining: !isFresh) }
        let findings: [DayCache.Finding]
        do {
            findings = try await cache.find(keys)
        } catch {
            // It has just gone away, or is too busy; the next reader will know.
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
        metrics.lookups["hit"].increment(by: entries.count)
        metrics.lookups["missing"].increment(by: missing.count)
        metrics.lookups["corrupt"].increment(by: damaged.count)
        if !damaged.isEmpty { onCorruption(Array(damaged.keys)) }
        let absent = missing + damaged.keys
        guard !absent.isEmpty else { return entries }
        let read = try await read(absent)
        await putBack(read, missing, damaged)
        return entries.merging(read) { $1 }
    }

    /// Reads the database, once for all who want the same day at the same time. Days of a tenant whose server is away are
    /// left out, unless there are no others.
    ///
    /// - Parameter joining: false for whoever must not be told what a reading that has begun already saw.
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
            } catch let error as PostgresError where error.code == .unavailable {
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
            store = try await directory.store(for: tenant)
        } catch is TenantDirectory.Fault {
            return [:]
        }
        var entries = Dictionary(
            uniqueKeysWithValues: keys.map { ($0, DayEntry(key: $0, version: 0, content: .absent)) })
        for row in try await store.data.query(Days.entries(keys.map(\.day))) {
            let entry = try DayEntry(row, of: tenant)
            entries[entry.key] = entry
        }
        return entries
    }

    private func putBack(
        _ entries: [DayKey: DayEntry], _ missing: [DayKey], _ damaged: [DayKey: [UInt8]]
    ) async {
        do {
            try await cache.store(missing.compactMap { entries[$0] })
            for (key, bytes) in damaged {
                if let entry = entries[key] { try await cache.heal(bytes, with: entry) }
            }
        } catch {
            log.debug("the cache did not take what it lacks", [.error: "\(error)"])
        }
    }
}
