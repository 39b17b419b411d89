import Authentication
import EventLoop
import FoundationEssentials
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Runtime
import Tenancy

/// Keeps a service's own copy of the tenants and of the signing keys, which Identity announces by events. Identity itself
/// writes its copy with each change, and takes nothing from events.
@EventLoop
final class TenantSync {
    private let platform: Platform
    private let log = Logger("tenants")
    private var keysVersion = 0
    /// The servers on which schemas are being prepared.
    private var preparing: Set<String> = []
    private var hasPreparedAll = false
    private var isDatabaseAvailable = false
    /// How long an update waits for the preparation of schemas, which then goes on by itself: a server that does not
    /// answer must not delay what the others have. The first update waits for all, as the program needs its own schema.
    private static let preparationPatience: Duration = .seconds(5)

    init(_ platform: Platform) {
        self.platform = platform
        platform.readiness.require("database") { [weak self] in self?.isDatabaseAvailable == true }
        platform.readiness.require("database sessions") { [weak platform] in platform?.servers.isHomeStarved != true }
        // Without keys the service would refuse every token.
        platform.readiness.require("signing keys") { [weak self] in (self?.keysVersion ?? 0) > 0 }
        let service = platform.service
        platform.directory.onReady = { tenant in
            let announcement = try Outbox.record(
                SchemaPrepared(service: service, tenant: tenant.slug, id: tenant.id), of: "\(service)/\(tenant.id)",
                version: 1, tenant: tenant.slug, at: .now)
            // Several processes may prepare the tenant at once; one event is enough.
            return ["\(announcement) ON CONFLICT ON CONSTRAINT outbox_one_event_per_version DO NOTHING"]
        }
    }

    var subscriptions: [Subscription] {
        let followsEvents = platform.service.description != TenantAnnounced.name.service
        return [
            .to(TenantAnnounced.self, scope: .service) { [platform] event, context in
                if followsEvents {
                    try await context.transaction.query(
                        platform.directory.registration(of: event.data.profile, version: event.version))
                }
                context.afterCommit { [weak self] in self?.trigger() }
            },
            .to(SigningKeysPublished.self, scope: .service) { event, context in
                if followsEvents {
                    try await context.transaction.query(
                        VerificationKeys.record(event.data.keySet, version: event.version))
                }
                context.afterCommit { [weak self] in self?.trigger() }
            },
        ]
    }

    /// Loads what other processes have recorded, prepares the schemas of tenants that are new or behind, and removes those of
    /// tenants that were removed. A tenant
    /// that fails is retried by the next run and does not hold up the others.
    func update() async throws {
        do {
            try await platform.directory.reload()
            try await reloadKeys()
            isDatabaseAvailable = true
        } catch {
            isDatabaseAvailable = false
            throw error
        }
        try await platform.servers.relieveHome()
        await prepareTenants()
        hasPreparedAll = true
    }

    /// Prepares the tenants that are new or behind, on all servers concurrently.
    private func prepareTenants() async {
        let done = Promise<Void>()
        let servers = platform.directory.unpreparedByServer.filter { preparing.insert($0.key).inserted }
        guard !servers.isEmpty else { return }
        let tasks = servers.map { server, tenants in
            EventLoop.start { [self] in
                await prepare(tenants)
                preparing.remove(server)
            }
        }
        EventLoop.start {
            for task in tasks { await task.value }
            done.fulfil()
        }
        if hasPreparedAll { EventLoop.schedule(after: Self.preparationPatience) { done.fulfil() } }
        await done.fulfilment()
    }

    /// Prepares tenants of one server, a few at a time.
    private func prepare(_ tenants: [TenantSlug]) async {
        let lanes = (0..<4).map { lane in
            EventLoop.start { [self] in
                for slug in stride(from: lane, to: tenants.count, by: 4).map({ tenants[$0] }) { await prepare(slug) }
            }
        }
        for lane in lanes { await lane.value }
    }

    /// Asks Identity to announce everything again if this service has no keys yet, as when it is new.
    func requestIfEmpty() async throws {
        // Before the queues of this service exist, the answer would be lost.
        guard keysVersion == 0, platform.broker.isListening else { return }
        let (registry, now) = (platform.directory.registry.inBackground, Instant.now)
        // A request must be newer than the one before; a counter would restart when the outbox is pruned.
        try await registry.query(
            Outbox.record(
                AnnouncementsRequested(service: platform.service), of: platform.service.description,
                version: Int(now.microseconds), tenant: .platform, at: now))
        platform.relay.wake(registry)
    }

    private func trigger() {
        EventLoop.start { [self] in
            do {
                try await update()
            } catch {
                log.warning("tenants and keys will be updated later", [.error: String(reflecting: error)])
            }
        }
    }

    private func prepare(_ slug: TenantSlug) async {
        let begin = ContinuousClock.now
        do {
            try await platform.directory.prepare(slug)
            let message = platform.directory.isRemoved(slug) ? "tenant removed" : "tenant ready"
            log.info("\(message)", [.name: slug, .duration: ContinuousClock.now - begin])
            platform.relay.wake(platform.directory.registry)
        } catch {
            log.error("tenant not ready, or not removed", [.name: slug, .error: String(reflecting: error)])
        }
    }

    private func reloadKeys() async throws {
        let rows = try await platform.directory.registry.inBackground.query(
            "SELECT version, key_set::text AS key_set FROM verification_keys WHERE version > \(keysVersion)")
        guard let row = rows.first else { return }
        let text: String = try row.get("key_set")
        platform.tokens.setKeys(try JSONDecoder().decode(JSONWebKeySet.self, from: Data(text.utf8)).keys)
        keysVersion = try row.get("version")
    }
}
