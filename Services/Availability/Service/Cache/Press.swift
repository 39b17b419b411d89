import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Redis
import Runtime
import Tenancy

/// Brings what a transaction has changed before the eyes of everybody: into the cache, and then into the journal as
/// visible.
///
/// Nothing here must succeed at once. What the cache lacks stands in the database as uncached, whoever crashes; any
/// process finds it there and publishes it again.
@EventLoop
final class Press {
    private struct Work {
        let store: TenantStore
        var entries: [LocalDay: DayEntry]
    }

    private let cache: DayCache
    private let health: CacheHealth
    private let offices: Offices
    private let metrics: PublicationMetrics
    private let now: @Sendable () -> Instant
    private let log = Logger("publication")
    /// What waits, the newest entry of each day.
    private var waiting: [TenantSlug: Work] = [:]
    private var isRunning = false
    private var alarms: [TenantSlug: Instant] = [:]

    init(
        _ cache: DayCache, _ health: CacheHealth, _ offices: Offices, _ metrics: PublicationMetrics,
        now: @escaping @Sendable () -> Instant
    ) {
        (self.cache, self.health, self.offices, self.metrics, self.now) = (cache, health, offices, metrics, now)
    }

    /// Publishes entries that are committed. Returns at once.
    func publish(_ entries: [DayEntry], of store: TenantStore) {
        guard !entries.isEmpty else { return }
        var work = waiting[store.tenant.slug] ?? Work(store: store, entries: [:])
        for entry in entries where entry.version >= work.entries[entry.key.day]?.version ?? 0 {
            work.entries[entry.key.day] = entry
        }
        waiting[store.tenant.slug] = work
        guard !isRunning else { return }
        isRunning = true
        Task.immediate { @EventLoop in
            while !waiting.isEmpty { await run() }
            isRunning = false
        }
    }

    /// Publishes what the database says the cache may lack of one tenant. Throws when that is not done.
    func catchUp(_ store: TenantStore) async throws {
        while true {
            let entries = try await store.data.inBackground.query(Days.uncached).map {
                try DayEntry($0, of: store.tenant.slug)
            }
            guard !entries.isEmpty else { return }
            try await cache.store(entries)
            try await settle(entries, of: store, areCached: true)
        }
    }

    private func run() async {
        let batch = waiting.values
        waiting = [:]
        let areCached: Bool
        do {
            try await cache.store(batch.flatMap { $0.entries.values })
            areCached = true
        } catch {
            areCached = false
            log.debug("the cache did not take a publication", [.error: "\(error)"])
        }
        for work in batch {
            do {
                try await settle(Array(work.entries.values), of: work.store, areCached: areCached)
            } catch {
                log.warning("a publication will be settled later", [.error: String(reflecting: error)])
            }
        }
    }

    /// Notes what is in the cache, and what everybody sees. While the cache is away everybody reads the database, where
    /// the entries are already.
    private func settle(_ entries: [DayEntry], of store: TenantStore, areCached: Bool) async throws {
        // The cache lacks them and others believe it still: the chores come back to them.
        guard areCached || health.isDegraded else { return }
        let versions = entries.map { (day: $0.key.day, version: $0.version) }
        let seen = now()
        var statements = [Days.keep(versions.map(\.day))]
        if areCached { statements.append(Days.cached(versions)) }
        statements.append(Journal.visible(versions, at: seen))
        let visible = try await store.data.inBackground.batch(statements)[statements.count - 1]
        for row in visible {
            let latency = seen - (try row.get("happened_at", as: Instant.self))
            metrics.latency.record(latency)
            try await warn(latency, event: row.get("event_id"), day: Days.day(row), store)
        }
    }

    /// Tells the administrator of a late publication, once a minute at most (A2).
    private func warn(_ latency: Duration, event: EventID, day: LocalDay, _ store: TenantStore) async throws {
        let tenant = store.tenant.slug
        guard latency > offices.latencyLimit(of: tenant).duration,
            now() - (alarms[tenant] ?? Instant(seconds: 0)) > .seconds(60)
        else { return }
        alarms[tenant] = now()
        metrics.anomalies[Anomalies.Kind.latency.rawValue].increment()
        log.warning("a publication came late", [.duration: latency, .event: event, .name: tenant])
        let milliseconds = latency / .milliseconds(1)
        try await store.data.inBackground.batch(
            Anomalies.record(
                .latency, day: day, event: event, "Publication visible après \(Int(milliseconds)) ms.", tenant: tenant,
                at: now()))
    }
}

extension LogField {
    /// The event that a line is about.
    static let event = LogField("event_id")
}
