import EventLoop
import Messaging
import Postgres
import Primitives
import Redis
import Runtime
import Tenancy

/// Whether this process may believe the cache (A1).
///
/// While it is away, searches read the database and say so. When it is back it may hold what was true before: it is
/// believed again only when everything has been published into it that it missed.
@EventLoop
final class CacheHealth {
    private(set) var isDegraded = true
    /// Since when it has been as it is.
    private(set) var since: Instant
    private let client: RedisClient
    private let cache: DayCache
    private let directory: TenantDirectory
    private let relay: OutboxRelay
    private let metrics: PublicationMetrics
    private let log = Logger("cache")
    private let now: @Sendable () -> Instant
    private var isWarming = false
    /// True until the cache was believed for the first time: then it was not away, the process is new.
    private var isNew = true

    init(
        _ cache: DayCache, _ directory: TenantDirectory, _ relay: OutboxRelay, _ metrics: PublicationMetrics,
        now: @escaping @Sendable () -> Instant
    ) {
        (self.cache, client, self.directory, self.relay) = (cache, cache.client, directory, relay)
        (self.metrics, self.now) = (metrics, now)
        since = now()
        metrics.degraded.set(1)
        client.onChange = { [weak self] isConnected in
            if !isConnected { self?.lost(self?.client.absence ?? "") }
        }
    }

    /// Believes the cache again if it is there and `catchUp` brings it up to date.
    func warm(_ catchUp: @EventLoop () async throws -> Void) async throws {
        guard isDegraded, client.isConnected, !isWarming else { return }
        isWarming = true
        defer { isWarming = false }
        try await forgetAnotherRun()
        try await catchUp()
        guard client.isConnected else { return }
        change(isDegraded: false)
        if isNew {
            isNew = false
            log.info("the cache is up to date")
        } else {
            log.info("the cache is back: searches read it again")
            try await note(.cacheBack, "Le cache est de nouveau lu : fin du mode dégradé.")
        }
    }

    /// Empties a cache that is not the one that was published into: it may have been restored from long ago.
    private func forgetAnotherRun() async throws {
        let registry = directory.registry.inBackground
        let run = try await cache.serverRun()
        let known: String? = try await registry.query("SELECT run FROM cache_server").first?.get("run")
        guard known != run else { return }
        try await cache.purge()
        try await registry.query(
            """
            INSERT INTO cache_server (run) VALUES (\(run)) ON CONFLICT (only_row) DO UPDATE SET run = excluded.run
            """)
    }

    /// Ends the belief in a cache that answers but does not take what is new: it only grows older.
    func refused(_ error: RedisError) {
        if case .server(let message) = error { lost(message) }
    }

    private func lost(_ reason: String) {
        guard !isDegraded else { return }
        change(isDegraded: true)
        log.warning("the cache is away: searches read the database", [.error: reason])
        EventLoop.start { [self] in
            do {
                try await note(.cacheAway, "Cache indisponible : lecture directe de l’index (mode dégradé).")
            } catch {
                log.warning("an anomaly could not be noted", [.error: String(reflecting: error)])
            }
        }
    }

    private func change(isDegraded: Bool) {
        self.isDegraded = isDegraded
        since = now()
        metrics.degraded.set(isDegraded ? 1 : 0)
    }

    private func note(_ kind: Anomalies.AnomalyType, _ detail: String) async throws {
        metrics.anomalies[kind.rawValue].increment()
        let registry = directory.registry.inBackground
        try await registry.batch(Anomalies.record(kind, detail, tenant: .platform, at: now()))
        relay.wake(registry)
    }
}
