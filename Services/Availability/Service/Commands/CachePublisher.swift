import AvailabilityDomain
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Runtime
import ServiceHost
import Tenancy

/// Writes the entries that a transaction has changed to the cache, and then records in the journal that all readers can
/// see them.
///
/// The record gathers for a moment: readers need not wait for it, and one statement is for many publications.
///
/// Nothing here has to succeed at once. What the cache lacks is marked in the database as uncached, even after a crash;
/// any process finds it there and publishes it again.
@EventLoop
final class CachePublisher {
    /// What runs are coalesced by: there is one cache.
    private enum Target { case cache }

    private struct Work {
        let store: TenantStore
        var entries: [LocalDay: DayEntry]
    }

    /// What is in the cache, and not yet recorded.
    private struct Unrecorded {
        let store: TenantStore
        var entries: [SeenEntry] = []
    }

    private let context: ServiceContext
    private let cache: DayCache
    private let health: CacheHealth
    private let latency: LatencyMonitor
    /// Days published, by outcome.
    private let publications: MetricFamily<Counter>
    private let log = Logger("publication")
    private let runs = Coalescer<Target>()
    /// The newest entry of each day that waits.
    private var waiting: [TenantSlug: Work] = [:]
    private let records = Coalescer<TenantSlug>(interval: .milliseconds(100))
    private var unrecorded: [TenantSlug: Unrecorded] = [:]

    init(_ context: ServiceContext, _ cache: DayCache, _ health: CacheHealth, _ latency: LatencyMonitor) {
        (self.context, self.cache, self.health, self.latency) = (context, cache, health, latency)
        publications = context.platform.metrics.counter(
            "guichet.publication.days", by: ["outcome"], "Days updated because of an event, by outcome.")
    }

    /// Publishes entries that are committed. Returns at once.
    func publish(_ entries: [DayEntry], of store: TenantStore) {
        guard !entries.isEmpty else { return }
        for entry in entries {
            let outcome = if case .view = entry.content { "published" } else { "withheld" }
            publications[outcome].increment()
        }
        var work = waiting[store.tenant.slug] ?? Work(store: store, entries: [:])
        for entry in entries where entry.version >= work.entries[entry.key.day]?.version ?? 0 {
            work.entries[entry.key.day] = entry
        }
        waiting[store.tenant.slug] = work
        runs.run(.cache) { [self] in await publishWaiting() }
    }

    /// Publishes the entries of one tenant that the cache may lack. Throws if it does not succeed.
    func catchUp(_ store: TenantStore) async throws {
        var count: Int
        repeat {
            let entries = try await store.data.inBackground.ask(Days.uncached(of: store.tenant.slug))
            count = entries.count
            guard !entries.isEmpty else { return }
            do {
                try await cache.store(entries)
            } catch {
                health.refused(error)
                throw error
            }
            try await settle(entries.seen(at: context.now), of: store, areCached: true)
        } while count == Days.uncachedLimit
    }

    /// Records that readers see everything that is committed of one tenant: while the cache is unavailable, they read
    /// the database.
    func settleUncached(_ store: TenantStore) async throws {
        let visible = try await store.data.inBackground.ask(Journal.allVisible(at: context.now))
        try await latency.measure(visible, of: store)
    }

    private func publishWaiting() async {
        let batch = waiting.values
        guard !batch.isEmpty else { return }
        waiting = [:]
        let areCached: Bool
        do {
            try await cache.store(batch.flatMap { $0.entries.values })
            areCached = true
        } catch {
            areCached = false
            health.refused(error)
            log.debug("the cache did not accept a publication", [.error: "\(error)"])
        }
        // The cache lacks them and other processes still trust it: the reconciler publishes them later.
        guard areCached || health.isDegraded else { return }
        for work in batch {
            let (tenant, entries) = (work.store.tenant.slug, Array(work.entries.values).seen(at: context.now))
            if areCached {
                unrecorded[tenant, default: Unrecorded(store: work.store)].entries += entries
                records.run(tenant) { [self] in await record(tenant) }
            } else {
                await trySettling(entries, of: work.store, areCached: false)
            }
        }
    }

    private func record(_ tenant: TenantSlug) async {
        guard let work = unrecorded.removeValue(forKey: tenant) else { return }
        await trySettling(work.entries, of: work.store, areCached: true)
    }

    private func trySettling(_ entries: [SeenEntry], of store: TenantStore, areCached: Bool) async {
        do {
            try await settle(entries, of: store, areCached: areCached)
        } catch {
            log.warning("a publication will be settled later", [.error: String(reflecting: error)])
        }
    }

    /// Records what is in the cache, and what all readers see. While the cache is unavailable all readers read the
    /// database, which has the entries already.
    private func settle(_ entries: [SeenEntry], of store: TenantStore, areCached: Bool) async throws {
        let newest = Dictionary(entries.map { ($0.entry.key, $0.entry) }) { $0.version > $1.version ? $0 : $1 }
        // If the server loses this, the entries are published once more.
        let (_, _, visible) = try await store.data.inBackground.ask(
            Query(SQL.withoutWaitingForDisk) { _ in }, areCached ? Days.cached(Array(newest.values)) : .known(()),
            Journal.visible(entries))
        try await latency.measure(visible, of: store)
    }
}

extension [DayEntry] {
    /// The entries as they are seen from `instant` on.
    fileprivate func seen(at instant: Instant) -> [SeenEntry] { map { SeenEntry(entry: $0, instant: instant) } }
}
