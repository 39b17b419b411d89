import AMQP
import Authentication
import Cryptography
package import EventLoop
import GuichetProtocol
import HTTPServer
import Idempotency
package import Messaging
import Postgres
package import Primitives
package import Runtime
import Tenancy

/// Puts one service together with everything that all services share.
@EventLoop
package final class ServiceHost<Hosted: GuichetService> {
    /// What the service is built from.
    package let platform: Platform
    /// The service itself.
    package let service: Hosted
    /// Removes what belongs to erased accounts.
    package let erasedAccounts: ErasedAccounts
    private let lifecycle: LifecycleConfiguration
    private let address: HTTPServer.Address
    private let gateway: GatewaySecret?
    private let tenants: TenantSync
    private let sessionEnds: SessionEnds
    private let answerTime: Duration?

    /// Reads the configuration and builds the service; starts nothing but the connection to the broker.
    ///
    /// - Parameters:
    ///   - clock: where the service reads the present instant: the clock of the home database server, unless a test sets
    ///     its own.
    ///   - machine: the clock of this machine, which may be wrong.
    ///   - answerTime: in place of that of the service's HTTP limits; for tests on busy machines.
    package init(
        _ reader: inout ConfigurationReader, clock: WallClock? = nil, machine: WallClock = .system,
        answerTime: Duration? = nil
    ) throws {
        self.answerTime = answerTime
        LogOutput.process.configure(&reader)
        lifecycle = LifecycleConfiguration(&reader)
        let configuration = try PlatformConfiguration(&reader, service: Hosted.name)
        (address, gateway) = (configuration.address, configuration.gateway)
        platform = Platform(
            service: Hosted.name, configuration, metrics: MetricsRegistry(), clock: clock, machine: machine,
            registry: Hosted.registryMigrations, tenants: Hosted.tenantMigrations,
            relayInterval: Hosted.relayInterval)
        service = try Hosted(platform, &reader)
        tenants = TenantSync(platform)
        sessionEnds = SessionEnds(platform)
        erasedAccounts = ErasedAccounts(platform) { [service] in service.traces(of: $0) }
        platform.directory.onRemoval = { [weak service] tenant in
            (try await service?.remove(tenant) ?? []) + (try Self.removal(of: tenant))
        }
        try reader.check()
    }

    /// The statements that announce that nothing is left of a tenant.
    private static func removal(of tenant: TenantProfile) throws -> [SQL] {
        let announcement = try Outbox.record(
            SchemaRemoved(service: Hosted.name, tenant: tenant.slug, id: tenant.id),
            of: "\(Hosted.name)/\(tenant.id)", version: 2, tenant: tenant.slug, at: .now)
        // Several processes may remove the tenant at once; one event is enough.
        return [
            IdempotencyRecord.removeAll(about: tenant.id),
            "\(announcement) ON CONFLICT ON CONSTRAINT outbox_one_event_per_version DO NOTHING",
        ]
    }

    /// Verifies a token. Those of a tenant that is closed are refused.
    private static func authenticate(_ token: String, _ platform: Platform) throws(TokenError) -> Principal {
        let principal = try platform.tokens.verify(token)
        guard !platform.directory.hasEnded(principal.tenant) else { throw .sessionEnded(principal) }
        return principal
    }

    /// Every event that the process acts on: those of the service, and those that every service hears.
    package var subscriptions: [Subscription] {
        tenants.subscriptions + sessionEnds.subscriptions + erasedAccounts.subscriptions + service.subscriptions
    }

    /// Serves until `GracefulShutdown.current` is requested.
    ///
    /// - Parameter started: called with the port once HTTP is served.
    package func run(started: @escaping @EventLoop @Sendable (UInt16) -> Void = { _ in }) async throws {
        defer { service.close() }
        let database = DatabasePart(platform: platform, tenants: tenants, sessionEnds: sessionEnds)
        let consumer = ConsumerPart(platform: platform, subscriptions: subscriptions)
        let http = HTTPPart(
            start: { try self.listen() }, started: { started($0.port) },
            endSessions: { await self.service.endSessions(within: $0) })
        let failures = platform.metrics.counter("guichet.job.failures", by: ["job"], "Runs of jobs that failed.")
        let jobs = (platformJobs + service.jobs).map { JobPart(job: $0, failures: failures[$0.name]) }
        let parts: [any Service] =
            [database, RelayPart(platform: platform)] + service.parts + [consumer] + jobs + [http]
        try await ServiceGroup(parts, configuration: lifecycle, readiness: platform.readiness).run()
    }

    /// Opens the database for a command, runs it, and lets everything go.
    func run(_ command: OperatorCommand<Hosted>, _ arguments: [String]) async throws {
        defer { service.close() }
        try await platform.directory.open()
        try await platform.clocks.measure()
        try await tenants.update()
        try await command.body(service, platform, arguments)
        // What the command recorded leaves now if it can; if not, a serving process takes it.
        await platform.relay.sweep()
        await platform.publisher.drain()
        platform.servers.close()
    }

    private func listen() throws -> HTTPServer {
        let (platform, clock) = (self.platform, self.platform.servers.clock)
        var limits = service.limits
        if let answerTime { limits.answerTime = answerTime }
        let standard = try StandardRoutes.routes(
            describedBy: OpenAPIDocument("\(Hosted.name)", routes: service.routes, texts: Hosted.texts),
            metrics: platform.metrics, readiness: platform.readiness)
        return try HTTPServer(
            on: address, routes: service.routes + standard, limits: limits, metrics: platform.metrics,
            authenticate: { try Self.authenticate($0, platform) },
            hasStanding: { try await self.service.hasStanding($0) },
            problem: { Hosted.problem($0) ?? PlatformProblems.problem($0) },
            fingerprint: { platform.blindIndex.fingerprint(ofRequest: $0, tenant: $1 ?? .platform) },
            refused: { self.service.refused($0) }, cursors: platform.cursors, gateway: gateway,
            permitsOrigin: { platform.directory.permits($0, for: $1) },
            clock: { clock.now })
    }

    private var platformJobs: [PeriodicJob] {
        let (platform, tenants, sessionEnds) = (self.platform, self.tenants, self.sessionEnds)
        let erasedAccounts = self.erasedAccounts
        return [
            PeriodicJob("announcements", every: .seconds(2)) { try await tenants.update() },
            // A user who was shut out, or whose tenant was closed, must not have rights elsewhere for long: twice a second.
            PeriodicJob("ended-sessions", every: .milliseconds(500)) { try await sessionEnds.read() },
            PeriodicJob("erased-accounts", every: .seconds(30)) { try await erasedAccounts.forget() },
            PeriodicJob("clocks", every: .seconds(2)) { try await platform.clocks.measure() },
            PeriodicJob("presence", every: .seconds(1)) {
                try await platform.presence.report(clockDeviation: platform.clocks.deviation)
                // What it has committed just before waits in the outboxes.
                if platform.presence.hasSilentPeer { await platform.relay.sweep() }
            },
            PeriodicJob("introduction", every: .seconds(5)) { try await tenants.requestIfEmpty() },
            PeriodicJob("pruning", every: .seconds(3600)) {
                try await platform.directory.registry.inBackground.query(SessionEnds.prune)
                try await platform.directory.onEachServer { round in
                    try await round.each(of: round.schemas) {
                        try await $0.inBackground.batch([
                            OutboxRelay.prune, EventConsumer.prune, IdempotencyRecord.prune,
                        ])
                    }
                }
            },
        ]
    }
}
