import AMQPTesting
import EventLoop
import GuichetProtocol
import Messaging
import Postgres
import PostgresTesting
import Primitives
import Runtime
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@Suite("An outage of a database")
struct OutageTests {
    private static func tenant(_ slug: TenantSlug, on database: String) -> TenantProfile {
        TenantProfile(
            id: .new(), slug: slug, name: "Cabinet", address: "Alger", timeZone: "Africa/Algiers", locale: "fr-DZ",
            phoneCountry: "DZ", database: database)
    }

    @Test(
        "a full disk is the trouble of the tenants on it alone: 503, and events that come into effect once there is space",
        .enabled(if: SmallDisk.isPermitted, "mounting is not permitted here"), arguments: ["main", "second"])
    func fullDisk(server: String) async throws {
        let (full, free) = (Self.tenant("cabinet-1", on: server), Self.tenant("cabinet-2", on: "main"))
        try await SmallDisk.with(server: Self.variables[server] ?? "") { disk in
            try await Self.withServers { service, databases, broker in
                let database = try #require(databases[server])
                // What is made from now on lies on the disk.
                try await database.setDefaultTablespace(disk.tablespace)
                try await service.announce([full])
                try await database.setDefaultTablespace("pg_default")
                try await service.announce([free])
                try disk.fill()

                let answer = try await service.call(
                    "POST", "/api/probe", token: try service.token(.staff, of: full.slug))
                #expect(answer.status == 503)
                #expect(answer.problem == "unavailable")
                #expect(answer.headers["retry-after"] != nil)
                try await Self.record(24, of: [full, free], by: service)
                let start = ContinuousClock.now
                service.host.platform.relay.wake(service.host.platform.directory.registry)
                try await service.wait { try await Self.heard($0, free) == 24 }
                // Five tries of each event would take longer, one behind the other.
                #expect(ContinuousClock.now - start < .seconds(5))
                #expect(try await service.call("GET", "/readyz").status == 200)
                try await service.wait { Self.count($0, "postponed") >= 24 }

                try disk.free()
                try await service.wait { try await Self.heard($0, full) == 24 }
                let parked = ParkedMessages(of: ProbeService.name, try broker.configuration())
                #expect(try await parked.list(limit: 10).isEmpty)
            }
        }
    }

    @Test(
        "a server that takes no writes answers reads, refuses the rest with 503, and parks nothing",
        arguments: ["main", "second"])
    func readOnly(server: String) async throws {
        let (first, other) = (Self.tenant("cabinet-1", on: server), Self.tenant("cabinet-2", on: "main"))
        try await Self.withServers { service, databases, broker in
            let database = try #require(databases[server])
            try await service.announce([first, other])
            let token = try service.token(.staff, of: first.slug)
            try await Self.record(24, of: [first, other], by: service)
            try await database.setReadOnly(true)
            try await service.wait { service in
                try await service.call("POST", "/api/probe", token: token).problem == "unavailable"
            }
            #expect(try await service.call("GET", "/api/probe/pause?seconds=0", token: token).status == 200)
            service.host.platform.relay.wake(service.host.platform.directory.registry)
            if server == "second" {
                try await service.wait { try await Self.heard($0, other) == 24 }
                try await service.wait { Self.count($0, "postponed") >= 24 }
            }
            try await database.setReadOnly(false)
            for tenant in [first, other] { try await service.wait { try await Self.heard($0, tenant) == 24 } }
            try await service.wait { try await $0.call("POST", "/api/probe", token: token).status == 200 }
            let parked = ParkedMessages(of: ProbeService.name, try broker.configuration())
            #expect(try await parked.list(limit: 10).isEmpty)
        }
    }

    @Test("a tenant on another server whose transactions hang delays no others, and its events come into effect later")
    func hanging() async throws {
        let (slow, other) = (Self.tenant("cabinet-1", on: "second"), Self.tenant("cabinet-2", on: "main"))
        try await Self.withServers { service, _, broker in
            try await service.announce([slow, other])
            let data = try await service.host.platform.directory.store(for: slow.slug).data
            try await data.transaction { transaction in
                try await transaction.query("LOCK TABLE heard")
                try await Self.record(24, of: [slow, other], by: service)
                let start = ContinuousClock.now
                service.host.platform.relay.wake(service.host.platform.directory.registry)
                try await service.wait { try await Self.heard($0, other) == 24 }
                #expect(ContinuousClock.now - start < .seconds(4), "the lock is waited for five seconds")
            }
            try await service.wait { try await Self.heard($0, slow) == 24 }
            let parked = ParkedMessages(of: ProbeService.name, try broker.configuration())
            #expect(try await parked.list(limit: 10).isEmpty)
        }
    }

    @Test("a commit that the database does not confirm is a 503 that says so; a read that is lost is unavailable")
    func unknownOutcome() async throws {
        let tenant = Self.tenant("cabinet-1", on: "main")
        try await Self.withServers { service, databases, _ in
            try await service.announce([tenant])
            let token = try service.token(.staff, of: tenant.slug)
            let data = try await service.host.platform.directory.store(for: tenant.slug).data
            try await data.batch([
                """
                CREATE FUNCTION hang() RETURNS trigger LANGUAGE plpgsql
                    AS 'BEGIN PERFORM pg_sleep(30); RETURN NULL; END'
                """,
                """
                CREATE CONSTRAINT TRIGGER hangs AFTER INSERT ON heard DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION hang()
                """,
            ])
            let written = try await service.call("POST", "/api/probe", token: token)
            #expect(written.status == 503)
            #expect(written.problem == "outcome-unknown")
            let read = Task { try await service.call("GET", "/api/probe/pause?seconds=4", token: token) }
            let main = try #require(databases["main"])
            try await service.wait { _ in try await main.endSessions(running: "%pg_sleep($1%") > 0 }
            #expect(try await read.value.problem == "unavailable")
        }
    }

    @Test("a process without sessions for its requests is not ready until it has some again")
    func exhausted() async throws {
        try await Self.withServers(environment: ["GUICHET_DATABASE_POOL": "1"]) { service, _, _ in
            try await service.announce([])
            let registry = service.host.platform.directory.registry
            try await registry.withSession { _ in
                await #expect(throws: PostgresError.self) { try await registry.query("SELECT") }
                let readiness = try await service.call("GET", "/readyz")
                #expect(readiness.text.contains("database sessions"))
            }
            #expect(try await service.call("GET", "/readyz").status == 200)
        }
    }
}

extension OutageTests {
    private static let variables = [
        "main": "GUICHET_TEST_POSTGRES_URL", "second": "GUICHET_TEST_POSTGRES_SECOND_URL",
    ]

    private static func withServers(
        environment: [String: String] = [:],
        _ body: @EventLoop (RunningService<ProbeService>, [String: TestDatabase], TestBroker) async throws -> Void
    ) async throws {
        try await TestDatabase.with { main in
            try await TestDatabase.with(server: "GUICHET_TEST_POSTGRES_SECOND_URL") { second in
                try await TestBroker.withVhost { broker in
                    // The time limits are what is tested here.
                    let databases = [
                        "GUICHET_DATABASES": "main=\(main.url),second=\(second.url)",
                        "GUICHET_DATABASE_TIMEOUT": "5s", "GUICHET_DATABASE_WAIT": "2s",
                    ]
                    let service = try await RunningService<ProbeService>.start(
                        main, broker, databases.merging(environment) { $1 })
                    do {
                        try await body(service, ["main": main, "second": second], broker)
                        try await service.stop()
                    } catch {
                        try? await service.stop()  // The first error is the one to report.
                        throw error
                    }
                }
            }
        }
    }

    /// Records `count` events of each tenant, one after the other, in the service's own outbox.
    @EventLoop private static func record(
        _ count: Int, of tenants: [TenantProfile], by service: RunningService<ProbeService>
    ) async throws {
        let registry = service.host.platform.directory.registry
        for _ in 0..<count {
            for tenant in tenants {
                let (id, now) = (AppointmentID.new(), Instant.now)
                let snapshot = AppointmentSnapshot(
                    id: id, status: "confirmed", careType: "soin", practitioner: .new(), room: nil, patient: nil,
                    start: now, end: now + .seconds(1800), blocked: BlockedTime(from: now, to: now + .seconds(1800)),
                    holdExpires: nil)
                try await registry.query(
                    Outbox.record(
                        AppointmentConfirmed(appointment: snapshot), of: id.description, version: 1,
                        tenant: tenant.slug, at: now))
            }
        }
    }

    @EventLoop private static func heard(
        _ service: RunningService<ProbeService>, _ tenant: TenantProfile
    ) async throws -> Int {
        let data = try await service.host.platform.directory.store(for: tenant.slug).data
        do {
            return try await data.query("SELECT FROM heard WHERE appointment <> 'stored'").count
        } catch is PostgresError {
            return 0  // The session was ended meanwhile; the caller asks again.
        }
    }

    @EventLoop private static func count(_ service: RunningService<ProbeService>, _ outcome: String) -> Double {
        let line = service.host.platform.metrics.exposition().split(separator: "\n").first {
            $0.hasPrefix("messaging_events_handled_total{outcome=\"\(outcome)\"}")
        }
        return line.flatMap { Double($0.split(separator: " ")[1]) } ?? 0
    }
}
