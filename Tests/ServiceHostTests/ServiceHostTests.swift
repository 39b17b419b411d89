import AMQP
import AMQPTesting
import EventLoop
import FoundationEssentials
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

@Suite("A hosted service")
struct ServiceHostTests {
    static let tenant = TenantProfile(
        id: .new(), slug: "cabinet-1", name: "Cabinet", address: "Alger", timeZone: "Africa/Algiers", locale: "fr-DZ",
        phoneCountry: "DZ", database: "main")

    @Test("answers health, readiness, metrics and its description, and guards its routes")
    func operation() async throws {
        try await RunningService<ProbeService>.with([Self.tenant]) { service in
            for path in ["/healthz", "/readyz", "/metrics", "/openapi.json"] {
                #expect(try await service.call("GET", path).status == 200, "\(path)")
            }
            #expect(try await service.call("GET", "/api/probe").status == 401)
            let patient = try service.token(.patient, of: Self.tenant.slug)
            #expect(try await service.call("GET", "/api/probe", token: patient).status == 403)
            let staff = try service.token(.staff, of: Self.tenant.slug)
            #expect(try await service.call("GET", "/api/probe", token: staff).text == "{\"answer\":\"yes\"}")
            #expect(try await service.call("GET", "/api/probe", token: staff + "x").status == 401)
        }
    }

    @Test("a session that has ended is refused by every process, and by one that starts afterwards")
    func endedSession() async throws {
        try await TestDatabase.with { database in
            try await TestBroker.withVhost { broker in
                let first = try await RunningService<ProbeService>.start(database, broker)
                let second = try await RunningService<ProbeService>.start(database, broker)
                try await first.announce([Self.tenant])
                let (session, user) = (SessionID.new(), UserID.new())
                let token = try await first.token(.staff, of: Self.tenant.slug, user: user, session: session)
                let other = try await first.token(.staff, of: Self.tenant.slug, user: user)
                for service in [first, second] {
                    try await service.wait { try await $0.call("GET", "/api/probe", token: token).status == 200 }
                }
                let data = try await Self.data(of: first)
                try await data.query(
                    Outbox.record(
                        SessionEnded(session: session, user: user), of: session.description, version: 1,
                        tenant: Self.tenant.slug, at: first.clock.now))
                await first.host.platform.relay.wake(data)
                for service in [first, second] {
                    try await service.wait { try await $0.call("GET", "/api/probe", token: token).status == 401 }
                    #expect(try await service.call("GET", "/api/probe", token: other).status == 200)
                }
                let third = try await RunningService<ProbeService>.start(database, broker)
                let answer = try await third.call("GET", "/api/probe", token: token)
                #expect(answer.status == 401)
                #expect(answer.headers["www-authenticate"]?.contains("invalid_token") == true)
                for service in [first, second, third] { try await service.stop() }
            }
        }
    }

    @Test("two processes carry each event once into effect, in the order of its aggregate")
    func replicas() async throws {
        try await Self.withReplicas { first, second in
            let appointments = (0..<20).map { _ in AppointmentID.new() }
            // Each process commits its share; both relays and both consumers are at it.
            for version in 1...5 {
                for (index, id) in appointments.enumerated() {
                    try await Self.confirm(id, version, by: index.isMultiple(of: 2) ? first : second)
                }
            }
            try await first.wait { try await Self.heard($0).count == 100 }
            let heard = try await Self.heard(first)
            for id in appointments {
                #expect(heard.filter { $0.0 == id.description }.map(\.1) == [1, 2, 3, 4, 5])
            }
        }
    }

    @Test("a message delivered again has no effect, however late")
    func repetition() async throws {
        try await RunningService<ProbeService>.with([Self.tenant]) { service in
            let id = AppointmentID.new()
            try await Self.confirm(id, 1, by: service)
            try await Self.confirm(id, 2, by: service)
            try await service.wait { try await Self.heard($0).count == 2 }
            let data = try await Self.data(of: service)
            try await data.query("UPDATE outbox SET published_at = NULL")
            service.host.platform.relay.wake(data)
            try await service.wait { _ in
                try await data.query("SELECT 1 FROM outbox WHERE published_at IS NULL").isEmpty
            }
            try await EventLoop.sleep(for: .milliseconds(300))
            #expect(try await Self.heard(service).count == 2)
        }
    }

    @Test("poison is parked with its reason, stops nothing behind it, and is handled when it is replayed")
    func poison() async throws {
        try await TestDatabase.with { database in
            try await TestBroker.withVhost { broker in
                let service = try await RunningService<ProbeService>.start(database, broker)
                try await service.announce([Self.tenant])
                let data = try await Self.data(of: service)
                try await data.query("DROP TABLE poison")
                let bad = AppointmentID.new()
                try await Self.confirm(bad, 1, by: service)
                let parked = ParkedMessages(of: ProbeService.name, try broker.configuration())
                try await service.wait { _ in try await !parked.list(limit: 10).isEmpty }
                #expect(try await parked.list(limit: 10)[0].reason.contains("poison"))
                try await data.query("CREATE TABLE poison (appointment text)")
                try await Self.confirm(.new(), 1, by: service)
                try await service.wait { try await Self.heard($0).count == 1 }
                #expect(try await parked.replay(limit: 10) == 1)
                try await service.wait { try await Self.heard($0).contains { $0.0 == bad.description } }
                try await service.stop()
            }
        }
    }

    @Test("events that come together are few transactions; a poison among them is parked alone")
    func together() async throws {
        try await TestDatabase.with { database in
            try await TestBroker.withVhost { broker in
                let service = try await RunningService<ProbeService>.start(database, broker)
                try await service.announce([Self.tenant])
                let data = try await Self.data(of: service)
                let appointments = (0..<40).map { _ in AppointmentID.new() }
                for version in 1...2 {
                    for id in appointments { try await Self.confirm(id, version, by: service, waking: false) }
                }
                await service.host.platform.relay.wake(data)
                try await service.wait { try await Self.heard($0).count == 80 }
                let transactions = try await data.query("SELECT count(DISTINCT xmin::text) AS n FROM heard")[0]
                #expect(try transactions.get("n", as: Int.self) < 40)

                let bad = appointments[7]
                try await data.query("INSERT INTO poison VALUES (\(bad.description))")
                for id in appointments { try await Self.confirm(id, 3, by: service, waking: false) }
                await service.host.platform.relay.wake(data)
                try await service.wait { try await Self.heard($0).count == 119 }
                let parked = ParkedMessages(of: ProbeService.name, try broker.configuration())
                try await service.wait { _ in try await parked.list(limit: 10).count == 1 }
                let heard = try await Self.heard(service)
                for id in appointments {
                    #expect(heard.filter { $0.0 == id.description }.map(\.1) == (id == bad ? [1, 2] : [1, 2, 3]))
                }
                try await service.stop()
            }
        }
    }

    @Test("processes know how many they are, and when one is gone")
    func presence() async throws {
        try await TestDatabase.with { database in
            try await TestBroker.withVhost { broker in
                let first = try await RunningService<ProbeService>.start(database, broker)
                let second = try await RunningService<ProbeService>.start(database, broker, ["GUICHET_INSTANCE": "2"])
                for service in [first, second] {
                    try await service.wait { $0.host.platform.presence.processes == 2 }
                }
                try await second.stop()
                try await first.wait { $0.host.platform.presence.processes == 1 }
                try await first.stop()
            }
        }
    }

    @Test("what happens in a tenant that this service is yet to hear of waits for it")
    func earlier() async throws {
        try await TestDatabase.with { database in
            try await TestBroker.withVhost { broker in
                let service = try await RunningService<ProbeService>.start(database, broker)
                try await service.announce([Self.tenant])
                var late = Self.tenant
                (late.id, late.slug) = (.new(), "cabinet-2")
                let data = try await Self.data(of: service)
                // As many as it takes for some to be in the queue through which the tenant will be announced.
                for _ in 0..<24 { try await data.query(Self.confirmation(.new(), 1, of: late.slug)) }
                await service.host.platform.relay.wake(data)
                try await service.wait { service in
                    let line = service.host.platform.metrics.exposition().split(separator: "\n").first {
                        $0.hasPrefix("messaging_events_handled_total{outcome=\"postponed\"}")
                    }
                    return line.flatMap { Double($0.split(separator: " ")[1]) } ?? 0 >= 24
                }
                // No other event waits behind them.
                try await Self.confirm(.new(), 1, by: service)
                try await service.wait { try await Self.heard($0).count == 1 }
                try await service.announce([late])
                let lateData = try await service.host.platform.directory.store(for: late.slug).data
                try await service.wait { _ in try await lateData.query("SELECT 1 FROM heard").count == 24 }
                #expect(
                    try await ParkedMessages(of: ProbeService.name, try broker.configuration()).list(limit: 10).isEmpty)
                try await service.stop()
            }
        }
    }

    @Test("a tenant whose tables are locked is the trouble of nobody else")
    func locked() async throws {
        var other = Self.tenant
        (other.id, other.slug) = (.new(), "cabinet-2")
        try await RunningService<ProbeService>.with([Self.tenant, other]) { service in
            let directory = service.host.platform.directory
            let (data, free) = (try await Self.data(of: service), try await directory.store(for: other.slug).data)
            for tenant in [Self.tenant.slug, other.slug] {
                for _ in 0..<24 { try await data.query(Self.confirmation(.new(), 1, of: tenant)) }
            }
            try await data.transaction { transaction in
                try await transaction.query("LOCK TABLE heard")
                service.host.platform.relay.wake(data)
                try await service.wait { _ in
                    // A transaction that is idle for too long is ended.
                    try await transaction.query("SELECT 1")
                    return try await free.query("SELECT 1 FROM heard").count == 24
                }
            }
            try await service.wait { try await Self.heard($0).count == 24 }
        }
    }

    @Test("stops though events wait for its database; the next process handles them")
    func stopping() async throws {
        try await TestDatabase.with { database in
            try await TestBroker.withVhost { broker in
                let example = try #require(
                    try EventExample.all().first { $0.attributes.type == AppointmentConfirmed.name.type })
                var tenant = Self.tenant
                tenant.slug = example.attributes.tenantid
                let service = try await RunningService<ProbeService>.start(database, broker)
                try await service.announce([tenant])
                try await database.admitSessions(false)
                let publisher = try await broker.publisher(declaring: EventRouting.publishing)
                let queue = EventRouting.queue(ProbeService.name, shard: 0)
                try await publisher.publish(
                    OutgoingMessage(
                        exchange: "", routingKey: queue, body: example.body, contentType: "application/json",
                        messageID: "example"))
                await publisher.drain()
                try await EventLoop.sleep(for: .seconds(1))  // The event has come, and waits.
                try await service.stop()
                try await database.admitSessions(true)
                let next = try await RunningService<ProbeService>.start(database, broker)
                try await next.wait { service in
                    let data = try await service.host.platform.directory.store(for: tenant.slug).data
                    return try await data.query("SELECT 1 FROM heard").count == 1
                }
                try await next.stop()
            }
        }
    }

    @Test("what has waited for an hour is parked")
    func patience() async throws {
        try await TestDatabase.with { database in
            try await TestBroker.withVhost { broker in
                let service = try await RunningService<ProbeService>.start(database, broker)
                try await service.announce([Self.tenant])
                let data = try await Self.data(of: service)
                try await data.query(Self.confirmation(.new(), 1, of: "nobody"))
                await service.host.platform.relay.wake(data)
                let shovel = AMQPShovel(try broker.configuration())
                let since = ["x-guichet-waiting-since": "\(Instant.now - .seconds(3601))"]
                try await service.wait { _ in
                    try await shovel.move(from: "guichet.probe.waiting", limit: 1) {
                        OutgoingMessage(
                            exchange: "", routingKey: "guichet.probe.0", body: $0.body, contentType: $0.contentType,
                            messageID: $0.messageID, headers: since)
                    } == 1
                }
                let parked = ParkedMessages(of: ProbeService.name, try broker.configuration())
                try await service.wait { _ in try await parked.list(limit: 10).count == 1 }
                #expect(try await parked.list(limit: 10)[0].reason.contains("nobody"))
                try await service.stop()
            }
        }
    }

    @Test("events that were committed while the broker was away leave when it is back")
    func brokerAway() async throws {
        try await TestDatabase.with { database in
            try await TestBroker.withVhost { broker in
                let service = try await RunningService<ProbeService>.start(database, broker)
                try await service.announce([Self.tenant])
                for round in 1...3 {
                    try await broker.close(broker.allConnections())
                    for _ in 0..<10 { try await Self.confirm(.new(), 1, by: service) }
                    try await service.wait { try await Self.heard($0).count == round * 10 }
                }
                try await service.stop()
            }
        }
    }

    @Test(
        "what a crash left in the outbox of one tenant leaves with the next sweep, though another's outbox is missing")
    func leftBehind() async throws {
        var other = Self.tenant
        (other.id, other.slug) = (.new(), "cabinet-2")
        try await RunningService<ProbeService>.with([Self.tenant, other]) { service in
            try await service.host.platform.directory.store(for: "cabinet-2").data.query("DROP TABLE outbox")
            try await Self.confirm(.new(), 1, by: service, waking: false)
            await service.host.platform.relay.sweep()
            try await service.wait { try await Self.heard($0).count == 1 }
        }
    }

    private static func withReplicas(
        _ body: @EventLoop (RunningService<ProbeService>, RunningService<ProbeService>) async throws -> Void
    ) async throws {
        try await TestDatabase.with { database in
            try await TestBroker.withVhost { broker in
                let first = try await RunningService<ProbeService>.start(database, broker)
                let second = try await RunningService<ProbeService>.start(
                    database, broker, ["GUICHET_INSTANCE": "2"])
                try await first.announce([tenant])
                try await second.wait { try await $0.serves(tenant.slug) }
                try await body(first, second)
                try await first.stop()
                try await second.stop()
            }
        }
    }

    @EventLoop static func data(of service: RunningService<ProbeService>) async throws -> SchemaStore {
        try await service.host.platform.directory.store(for: tenant.slug).data
    }

    @EventLoop static func confirm(
        _ id: AppointmentID, _ version: Int, by service: RunningService<ProbeService>, waking: Bool = true
    ) async throws {
        let data = try await data(of: service)
        try await data.query(confirmation(id, version, of: tenant.slug))
        if waking { service.host.platform.relay.wake(data) }
    }

    private static func confirmation(_ id: AppointmentID, _ version: Int, of tenant: TenantSlug) throws -> SQL {
        let (start, end) = (Instant.now, Instant.now + .seconds(1800))
        let snapshot = AppointmentSnapshot(
            id: id, status: "confirmed", careType: "soin", practitioner: .new(), room: nil, patient: nil, start: start,
            end: end, blocked: BlockedTime(from: start, to: end), holdExpires: nil)
        return try Outbox.record(
            AppointmentConfirmed(appointment: snapshot), of: id.description, version: version, tenant: tenant, at: .now)
    }

    @EventLoop private static func heard(_ service: RunningService<ProbeService>) async throws -> [(String, Int)] {
        try await data(of: service).query("SELECT appointment, version FROM heard ORDER BY place").map {
            (try $0.get("appointment"), try $0.get("version"))
        }
    }
}
