import EventLoop
import Postgres
import Primitives
import Redis
import Runtime
import ServiceHost
import Tenancy

/// Whether this process trusts the cache (A1).
///
/// While the cache is unavailable, searches read the database and say so. When it is available again it may hold
/// outdated entries: it is trusted only after everything that it missed has been published into it.
@EventLoop
final class CacheHealth {
    private(set) var isDegraded = true
    /// Since when the state has been as it is.
    private(set) var since: Instant
    private let context: ServiceContext
    private let cache: DayCache
    private let anomalies: AnomalyRecorder
    /// 1 while searches read the database.
    private let degraded: Gauge
    private let log = Logger("cache")
    private var isRecovering = false
    /// True until the cache has been trusted for the first time: until then the process is new, the cache was not lost.
    private var isNew = true

    init(_ context: ServiceContext, _ cache: DayCache, _ anomalies: AnomalyRecorder) {
        (self.context, self.cache, self.anomalies) = (context, cache, anomalies)
        degraded = context.platform.metrics.gauge(
            "guichet.publication.degraded", "1 while searches read the database directly.")
        since = context.now
        degraded.set(1)
        cache.client.onChange = { [weak self] isConnected in
            if !isConnected { self?.lost(self?.cache.client.absence ?? "") }
        }
    }

    /// Trusts the cache again if it is available and `catchUp` brings it up to date.
    func recover(_ catchUp: @EventLoop () async throws -> Void) async throws {
        guard isDegraded, cache.client.isConnected, !isRecovering else { return }
        isRecovering = true
        defer { isRecovering = false }
        try await purgeIfReplaced()
        try await catchUp()
        guard cache.client.isConnected else { return }
        change(isDegraded: false)
        if isNew {
            isNew = false
            log.info("the cache is up to date")
        } else {
            log.info("the cache is back: searches read it again")
            try await anomalies.record(
                Anomaly(kind: .cacheBack, detail: "Le cache est de nouveau lu : fin du mode dégradé."))
        }
    }

    /// Empties a cache of another run than the one that was published into: it may have been restored from an old
    /// backup.
    private func purgeIfReplaced() async throws {
        let registry = context.registry.inBackground
        let run = try await cache.serverRun()
        let known = try await registry.ask(CacheServer.run)
        guard known != run else { return }
        try await cache.purge()
        try await registry.query(CacheServer.store(run: run))
    }

    /// Stops trusting a cache that answers but refuses new entries: its content becomes outdated.
    func refused(_ error: RedisError) {
        if case .server(let message) = error { lost(message) }
    }

    private func lost(_ reason: String) {
        guard !isDegraded else { return }
        change(isDegraded: true)
        log.warning("the cache is away: searches read the database", [.error: reason])
        EventLoop.start { [self] in
            do {
                try await anomalies.record(
                    Anomaly(
                        kind: .cacheAway, detail: "Cache indisponible : lecture directe de l’index (mode dégradé)."))
            } catch {
                log.warning("an anomaly could not be recorded", [.error: String(reflecting: error)])
            }
        }
    }

    private func change(isDegraded: Bool) {
        self.isDegraded = isDegraded
        since = context.now
        degraded.set(isDegraded ? 1 : 0)
    }
}
