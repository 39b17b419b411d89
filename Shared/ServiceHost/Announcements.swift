import Authentication
import EventLoop
import FoundationEssentials
import GuichetProtocol
import Messaging
import Postgres
import Primitives
import Runtime
import Tenancy

/// How every service learns of tenants and keys: Identity announces them, each service keeps its own copy.
@EventLoop
final class Announcements {
    private let platform: Platform
    private let log = Logger("announcements")
    private var keysVersion = 0
    private var isPreparing = false
    private var isDatabaseThere = false

    init(_ platform: Platform) {
        self.platform = platform
        platform.readiness.require("database") { [weak self] in self?.isDatabaseThere == true }
        // Without them every token would be refused.
        platform.readiness.require("signing keys") { [weak self] in (self?.keysVersion ?? 0) > 0 }
        let service = platform.service
        platform.directory.onReady = { tenant in
            let announcement = try Outbox.record(
                SchemaPrepared(service: service, tenant: tenant.slug), of: "\(service)/\(tenant.slug)", version: 1,
                tenant: tenant.slug, at: .now)
            // Several processes may prepare the tenant at once; it is said once.
            return ["\(announcement) ON CONFLICT ON CONSTRAINT outbox_one_event_per_version DO NOTHING"]
        }
    }

    var subscriptions: [Subscription] {
        [
            .to(TenantAnnounced.self, scope: .service) { [platform] event, context in
                try await context.transaction.query(
                    platform.directory.registration(of: event.data.profile, version: event.version))
                context.afterCommit { [weak self] in self?.hurry() }
            },
            .to(SigningKeysPublished.self, scope: .service) { event, context in
                try await context.transaction.query(
                    """
                    INSERT INTO verification_keys (version, key_set)
                    VALUES (\(event.version), \(event.data.keySet)::jsonb)
                    ON CONFLICT (only_row) DO UPDATE SET version = excluded.version, key_set = excluded.key_set
                        WHERE excluded.version > verification_keys.version
                    """)
                context.afterCommit { [weak self] in self?.hurry() }
            },
        ]
    }

    /// Takes over what other processes learnt, and prepares the schemas of tenants that are new or behind. One that
    /// fails is tried again next time, and does not keep the others waiting.
    func follow() async throws {
        do {
            try await platform.directory.reload()
            try await reloadKeys()
            isDatabaseThere = true
        } catch {
            isDatabaseThere = false
            throw error
        }
        guard !isPreparing else { return }
        isPreparing = true
        defer { isPreparing = false }
        let queue = platform.directory.unprepared
        let lanes = (0..<4).map { lane in
            EventLoop.start { [self] in
                for slug in stride(from: lane, to: queue.count, by: 4).map({ queue[$0] }) { await prepare(slug) }
            }
        }
        for lane in lanes { await lane.value }
    }

    /// Asks Identity to say everything again, when this service is new and knows nothing.
    func requestIfIgnorant() async throws {
        // An answer would find no queue of ours before we listen.
        guard keysVersion == 0, platform.broker.isListening else { return }
        let (registry, now) = (platform.directory.registry.inBackground, Instant.now)
        // Each request only has to be newer than the last; a count of them would begin anew when the outbox is pruned.
        try await registry.query(
            Outbox.record(
                AnnouncementsRequested(service: platform.service), of: platform.service.description,
                version: Int(now.microseconds), tenant: .platform, at: now))
        platform.relay.wake(registry)
    }

    private func hurry() {
        EventLoop.start { [self] in
            do {
                try await follow()
            } catch {
                log.warning("announcements will be followed later", [.error: String(reflecting: error)])
            }
        }
    }

    private func prepare(_ slug: TenantSlug) async {
        let begin = ContinuousClock.now
        do {
            try await platform.directory.prepare(slug)
            log.info("tenant ready", [.name: slug, .duration: ContinuousClock.now - begin])
            platform.relay.wake(platform.directory.registry)
        } catch {
            log.error("tenant not ready", [.name: slug, .error: String(reflecting: error)])
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
