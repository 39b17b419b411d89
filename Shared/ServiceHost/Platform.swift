import AMQP
package import Authentication
package import Cryptography
package import EventLoop
package import HTTPServer
import Idempotency
package import Messaging
import Postgres
package import Primitives
package import Runtime
package import Tenancy

/// The parts that every service is built from. The host makes one for each process.
@EventLoop
package final class Platform {
    /// The name of the service.
    package let service: TenantSlug
    /// The tenants and their data.
    package let directory: TenantDirectory
    /// The outbox relay, to be woken after each commit that recorded events.
    package let relay: OutboxRelay
    /// The registry of metrics.
    package let metrics: MetricsRegistry
    /// Encrypts personal data at rest.
    package let keyRing: KeyRing
    /// Finds encrypted values by a keyed digest of them.
    package let blindIndex: BlindIndex
    /// Verifies access tokens, with the keys that Identity publishes.
    package let tokens: TokenVerifier
    /// The issuer of access tokens: their `iss`.
    package let tokenIssuer: String
    /// The audience of access tokens: their `aud`.
    package let tokenAudience: String
    /// The configured address at which clients reach the suite; nil to use the `Host` of each request.
    let publicAddress: PublicAddress?
    /// Where the service reads the present instant.
    package let clock: WallClock
    /// Seals the cursors of pages.
    package let cursors: CursorCodec
    /// For work that blocks or computes long, password hashing above all.
    package let blocking = BlockingPool(threads: 2, waiting: 64)

    /// The names of the database servers, home first.
    package var databaseNames: [String] { servers.names }

    let servers: DatabaseServers
    let publisher: AMQPPublisher
    let amqp: AMQPConfiguration
    let authors: EventAuthors
    let brokerMetrics: BrokerMetrics
    let readiness = Readiness()
    /// The state of the connection to the broker.
    package let broker = BrokerState()
    /// The number of processes that share the work.
    package let presence: Presence
    /// The virtual host of the suite at the broker.
    package var brokerHost: String { amqp.vhost }
    /// How far the clock of this machine deviates.
    package let clocks: Clocks

    init(
        service: TenantSlug, _ configuration: PlatformConfiguration, metrics: MetricsRegistry, clock: WallClock?,
        machine: WallClock, registry: [MigrationSet], tenants: [MigrationSet], relayInterval: Duration
    ) {
        self.service = service
        self.metrics = metrics
        servers = DatabaseServers(configuration.databases, machine: machine)
        let (home, leeway) = (servers.clock, Duration.seconds(10))
        let clock = clock ?? WallClock { home.now }
        self.clock = clock
        directory = TenantDirectory(
            service: service, servers: servers,
            registry: [.messaging, .idempotency, .verificationKeys, .processes, .endedSessions] + registry,
            tenants: [.messaging, .idempotency, .erasedAccounts, .export] + tenants)
        presence = Presence(directory.registry.inBackground)
        clocks = Clocks(servers, presence, readiness, leeway: leeway)
        (amqp, authors) = (configuration.amqp, configuration.authors)
        brokerMetrics = BrokerMetrics(metrics)
        let broker = self.broker
        publisher = AMQPPublisher(
            configuration.amqp, declaring: EventRouting.publishing,
            observer: AMQPObserver(stateChanged: { broker.changed(to: $0) }, counted: brokerMetrics.count))
        relay = OutboxRelay(directory: directory, publisher: publisher, metrics: metrics, interval: relayInterval)
        keyRing = configuration.keyRing
        blindIndex = configuration.blindIndex
        (tokenIssuer, tokenAudience) = (configuration.tokenIssuer, configuration.tokenAudience)
        publicAddress = configuration.publicAddress
        tokens = TokenVerifier(
            issuer: tokenIssuer, audience: tokenAudience, leeway: leeway, cacheLimit: 10_000,
            now: { clock.now })
        cursors = CursorCodec(key: configuration.cursorKey)
        observe()
    }

    /// Registers the metrics that are read when they are scraped.
    private func observe() {
        metrics.observeProcess()
        let states: [String: @Sendable (PostgresClient.Statistics) -> Int] = [
            "open": { $0.open }, "in_use": { $0.inUse }, "waiting": { $0.waiting },
        ]
        let connections = metrics.gauge("db.client.connections", by: ["pool", "state"], "Sessions with PostgreSQL.")
        for name in servers.statistics.keys {
            for (state, read) in states {
                connections[name, state].observe { [weak servers] in Double(servers?.statistics[name].map(read) ?? 0) }
            }
        }
        let deviations = metrics.gauge(
            "guichet.clock.deviation", unit: .seconds, by: ["server"],
            "How far the clock of this machine is ahead of that of a database server.")
        for name in servers.names {
            deviations[name].observe { [weak servers] in
                (servers?.clockDeviations[name] ?? .zero) / .seconds(1)
            }
        }
        metrics.gauge("guichet.tenants.ready", "Tenants that this process serves.")
            .observe { [weak directory] in Double(directory?.readyCount ?? 0) }
        metrics.gauge("guichet.tenants.unprepared", "Tenants whose schema is missing, old or failed.")
            .observe { [weak directory] in Double(directory?.unprepared.count ?? 0) }
        metrics.gauge("messaging.broker.connected", "1 while events can be published.")
            .observe { [weak broker] in broker?.isConnected == true ? 1 : 0 }
    }
}

/// Whether the broker accepts and delivers events. Without it a service goes on: its outboxes hold the events.
@EventLoop
package final class BrokerState {
    private let log = Logger("broker")
    private(set) var isConnected = false
    /// True while the queues of the service exist, are bound and are consumed.
    package internal(set) var isListening = false
    /// Called when the broker is back.
    var onConnected: @EventLoop () -> Void = {}

    nonisolated init() {}

    func changed(to state: ConnectionState) {
        let wasConnected = isConnected
        isConnected = state == .connected
        if isConnected != wasConnected { log.info(isConnected ? "broker connected" : "broker away: \(state)") }
        if isConnected, !wasConnected { onConnected() }
    }
}

extension MigrationSet {
    /// The keys that tokens are verified with.
    static let verificationKeys = MigrationSet(
        "verification-keys", [Migration(1, "verification keys", PackageResources.V0001_verification_keys_sql)])
    /// The sessions that ended before their time.
    static let endedSessions = MigrationSet(
        "ended-sessions", [Migration(1, "ended sessions", PackageResources.V0004_ended_sessions_sql)])
    /// The processes that serve.
    static let processes = MigrationSet(
        "processes",
        [
            Migration(1, "processes", PackageResources.V0002_processes_sql),
            Migration(2, "clocks of processes", PackageResources.V0003_process_clocks_sql),
        ])
}
