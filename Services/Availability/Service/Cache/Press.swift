import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Messaging
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
    /// From one alarm of a tenant to the next.
    private static let alarmPause: Duration = .seconds(60)

    private struct Work {
        let store: TenantStore
        var entries: [LocalDay: DayEntry]
    }

    private let cache: DayCache
    private let health: CacheHealth
    private let offices: Offices
    private let metrics: PublicationMetrics
    private let relay: OutboxRelay
    private let now: @Sendable () -> Instant
    private let log = Logger("publication")
    /// What waits, the newest entry of each day.
    private var waiting: [TenantSlug: Work] = [:]
    private var isRunning = false
    /// When each tenant was last told of a late publication.
    private var alarms: [TenantSlug: Instant] = [:]

    init(
        _ cache: DayCache, _ health: CacheHealth, _ offices: Offices, _ metrics: PublicationMetrics,
        _ relay: OutboxRelay, now: @escaping @Sendable () -> Instant
    ) {
        (self.cache, self.health, self.offices, self.metrics) = (cache, health, offices, metrics)
        (self.relay, self.now) = (relay, now)
    }

    /// Publishes entries that are committed. Returns at once.
    func publish(_ entries: [DayEntry], of store: TenantStore) {
        guard !entries.isEmpty else { return }
        for entry in entries { metrics.count(entry) }
        var work = waiting[store.tenant.slug] ?? Work(store: store, entries: [:])
        for entry in entries where entry.version >= work.entries[entry.key.day]?.version ?? 0 {
            work.entries[entry.key.day] = entry
        }
        waiting[store.tenant.slug] = work
        guard !isRunning else { return }
        isRunning = true
        EventLoop.start { [self] in
            while !waiting.isEmpty { await run() }
            isRunning = false
        }
    }

    /// Publishes what the database says the cache may lack of one tenant. Throws when that is not done.
    func catchUp(_ store: TenantStore) async throws {
        var count: Int
        repeat {
            let entries = try await store.data.inBackground.query(Days.uncached).map {
                try DayEntry($0, of: store.tenant.slug)
            }
            count = entries.count
            guard !entries.isEmpty else { return }
            do {
                try await cache.store(entries)
            } catch {
                health.refused(error)
                throw error
            }
            try await settle(entries, of: store, areCached: true)
        } while count == Days.uncachedLimit
    }

    /// Notes that everybody sees what is committed of one tenant: while the cache is away, nobody reads it.
    func settleUncached(_ store: TenantStore) async throws {
        let seen = now()
        try await account(for: try await store.data.inBackground.query(Journal.allVisible(at: seen)), seen, store)
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
            health.refused(error)
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
        // What is not noted is published once more.
        var statements = [SQL.withoutWaitingForDisk]
        if areCached { statements.append(Days.cached(versions)) }
        statements.append(Journal.visible(versions, at: seen))
        let visible = try await store.data.inBackground.batch(statements)[statements.count - 1]
        try await account(for: visible, seen, store)
    }

    /// Measures what has just become visible.
    private func account(for visible: [Row], _ seen: Instant, _ store: TenantStore) async throws {
        let publications = try visible.map { row in
            let latency = seen - (try row.get("happened_at", as: Instant.self))
            return Publication(latency: latency, event: try row.get("event_id"), day: try Days.day(row))
        }
        for publication in publications { metrics.latency.record(publication.latency) }
        let limit = offices.latencyLimit(of: store.tenant.slug).duration
        if let slowest = publications.max(by: { $0.latency < $1.latency }), slowest.latency > limit {
            try await warn(slowest, store)
        }
    }

    /// An event's effect on a day that everybody sees now.
    private struct Publication {
        let latency: Duration
        let event: EventID
        let day: LocalDay
    }

    /// Tells the administrator of a late publication, once a minute at most (A2).
    private func warn(_ late: Publication, _ store: TenantStore) async throws {
        let (tenant, now) = (store.tenant.slug, now())
        guard alarms[tenant].map({ now - $0 > Self.alarmPause }) ?? true else { return }
        alarms[tenant] = now
        metrics.anomalies[Anomalies.AnomalyType.latency.rawValue].increment()
        log.warning("a publication came late", [.duration: late.latency, .event: late.event, .name: tenant])
        let detail = "Publication visible après \(Int(late.latency / .milliseconds(1))) ms."
        do {
            let data = store.data.inBackground
            try await data.batch(
                Anomalies.record(.latency, day: late.day, event: late.event, detail, tenant: tenant, at: now))
            relay.wake(data)
        } catch {
            alarms[tenant] = nil
            throw error
        }
    }
}

extension LogField {
    /// The event that a line is about.
    static let event = LogField("event_id")
}
