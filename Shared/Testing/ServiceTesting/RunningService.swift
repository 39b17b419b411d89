package import AMQPTesting
import Authentication
import Cryptography
package import EventLoop
package import GuichetProtocol
import JSONCoding
import Messaging
import Postgres
package import PostgresTesting
package import Primitives
import Runtime
package import ServiceHost
import Tenancy

/// A whole service in this process: real HTTP on a free port, its own database and vhost, keys and tenants announced
/// over the real broker.
@EventLoop
package final class RunningService<Hosted: GuichetService> {
    /// The service and its parts.
    package let host: ServiceHost<Hosted>
    /// The port of its HTTP server.
    package let port: UInt16
    /// The clock that the service reads.
    package let clock: TestClock
    /// What the gateway sends: with it, the service believes `X-Forwarded-For`.
    nonisolated package static var gatewaySecret: String { "the gateway of the tests" }
    private let signer: TokenSigner
    private let shutdown: GracefulShutdown
    private let task: Task<Void, any Error>

    /// Lends a service with these `tenants` and stops it afterwards.
    ///
    /// - Parameter environment: variables in addition to those of the platform.
    package static func with<T: Sendable>(
        _ tenants: [TenantProfile] = [], environment: [String: String] = [:],
        _ body: @EventLoop (RunningService) async throws -> T
    ) async throws -> T {
        try await TestDatabase.with { database in
            try await TestBroker.withVhost { broker in
                let service = try await start(database, broker, environment)
                do {
                    try await service.announce(tenants)
                    let value = try await body(service)
                    try await service.stop()
                    return value
                } catch {
                    try? await service.stop()  // The first error is the one to report.
                    throw error
                }
            }
        }
    }

    /// Another process of the same service uses the same database and broker.
    ///
    /// - Parameters:
    ///   - clock: nil for the clock that a service reads in operation.
    ///   - machine: the clock of its machine.
    package static func start(
        _ database: TestDatabase, _ broker: TestBroker, _ environment: [String: String] = [:],
        clock: TestClock? = TestClock(), machine: WallClock = .system
    ) async throws -> RunningService {
        try await database.scripts.run { try $0.run(script: "CREATE EXTENSION IF NOT EXISTS btree_gist") }
        var variables = [
            "GUICHET_HTTP_PORT": "0", "GUICHET_DATABASES": "main=\(database.url)", "GUICHET_AMQP_URL": broker.url,
            // All services of the tests have one account.
            "GUICHET_AMQP_ACCOUNTS": "*=\(broker.account)",
            "GUICHET_KEYRING": "test:\(key(1))", "GUICHET_BLIND_INDEX_KEY": key(2), "GUICHET_PAGE_CURSOR_KEY": key(3),
            "GUICHET_GATEWAY_SECRET": gatewaySecret, "GUICHET_LOG_LEVEL": "error", "GUICHET_DRAIN_DELAY": "0s",
            // A busy machine must not look like an outage.
            "GUICHET_DATABASE_TIMEOUT": "100s", "GUICHET_DATABASE_WAIT": "100s",
        ]
        variables.merge(environment) { $1 }
        var reader = ConfigurationReader(environment: variables)
        let host = try ServiceHost<Hosted>(&reader, clock: clock?.clock, machine: machine, answerTime: .seconds(100))
        let shutdown = GracefulShutdown()
        let (ports, port) = AsyncStream<UInt16>.makeStream()
        let task = EventLoop.start {
            defer { port.finish() }
            try await GracefulShutdown.$current.withValue(shutdown) {
                try await host.run { port.yield($0) }
            }
        }
        for await port in ports { return RunningService(host, port, clock ?? TestClock(), shutdown, task) }
        try await task.value
        throw NeverStarted()
    }

    private init(
        _ host: ServiceHost<Hosted>, _ port: UInt16, _ clock: TestClock, _ shutdown: GracefulShutdown,
        _ task: Task<Void, any Error>
    ) {
        (self.host, self.port, self.clock, self.shutdown, self.task) = (host, port, clock, shutdown, task)
        signer = TokenSigner(
            issuer: host.platform.tokenIssuer, audience: host.platform.tokenAudience, keyID: "test", key: testKey,
            lifetime: .seconds(600), now: { clock.now })
    }

    /// Drains it and waits until it has ended.
    package func stop() async throws {
        shutdown.request()
        try await task.value
    }

    /// An access token as Identity would issue it.
    package func token(
        _ role: Role, of tenant: TenantSlug, user: UserID = .new(), session: SessionID = .new()
    ) throws -> String {
        try signer.issue(userID: user, tenant: tenant, role: role, sessionID: session).text
    }

    /// Announces keys and tenants to the service, as Identity does, and waits until it serves them.
    package func announce(_ tenants: [TenantProfile]) async throws {
        try await wait { $0.host.platform.broker.isListening }
        let (registry, now) = (host.platform.directory.registry, Instant.now)
        let keys = try JSONOutput.text(JSONWebKeySet([signer.verificationKey]))
        let version = Int(now.microseconds)
        var events = [
            try Outbox.record(
                SigningKeysPublished(keySet: keys), of: "keys", version: version, tenant: .platform, at: now)
        ]
        events += try tenants.map { tenant in
            try Outbox.record(
                TenantAnnounced(profile: tenant), of: tenant.id.description, version: version, tenant: tenant.slug,
                at: now)
        }
        try await registry.batch(events)
        host.platform.relay.wake(registry)
        for tenant in tenants { try await wait { try await $0.serves(tenant.slug) } }
        let token = try token(.admin, of: .platform)
        try await wait { service in (try? service.host.platform.tokens.verify(token)) != nil }
    }

    /// True once the tenant's schema is ready in the service.
    package func serves(_ tenant: TenantSlug) async throws -> Bool {
        do {
            _ = try await host.platform.directory.store(for: tenant)
            return true
        } catch is TenantDirectory.Fault {
            return false
        }
    }

    /// Waits until `condition` holds, two minutes at most.
    package func wait(_ condition: @EventLoop (RunningService) async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while try await !condition(self) {
            guard ContinuousClock.now < deadline else { throw NeverHappened() }
            try await EventLoop.sleep(for: .milliseconds(10))
        }
    }

    private static func key(_ number: UInt8) -> String {
        BaseEncoding.base64.encode([UInt8](repeating: number, count: 32))
    }
}

private let testKey = P256PrivateKey.generate()

/// The service ended before it was serving.
struct NeverStarted: Error {}

/// The condition did not hold within two minutes.
struct NeverHappened: Error {}
