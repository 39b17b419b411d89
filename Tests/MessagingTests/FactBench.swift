import AMQP
import AMQPTesting
import EventLoop
import FoundationEssentials
import GuichetProtocol
import JSONCoding
import Postgres
import PostgresTesting
import Primitives
import Runtime
import Tenancy
import Testing

@testable import Messaging

/// A publisher and the processes of a listening service, on a real database and broker.
@EventLoop
final class FactBench {
    static let tenant = TenantProfile(
        id: .new(), slug: "cabinet-1", name: "Cabinet", address: "Alger", timeZone: "Africa/Algiers", locale: "fr-DZ",
        phoneCountry: "DZ", database: "main")
    /// The random stories that are played: few by default, `deploy/chaos/messaging` chooses more.
    nonisolated static var seeds: Range<Int> {
        let (first, rounds) = (variable("GUICHET_TEST_FACT_SEED") ?? 0, variable("GUICHET_TEST_FACT_ROUNDS") ?? 2)
        return first..<(first + rounds)
    }

    nonisolated private static func variable(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap(Int.init)
    }

    let database: TestDatabase
    let broker: TestBroker
    let publisher: AMQPPublisher
    let taking: Subscription.Taking
    let directory: TenantDirectory
    let servers: DatabaseServers

    /// Lends a bench whose listening service, `ledger`, takes appointments as `taking` says.
    static func with<T: Sendable>(
        _ taking: Subscription.Taking, _ body: @EventLoop (FactBench) async throws -> T
    ) async throws -> T {
        try await TestDatabase.with { database in
            try await TestBroker.withVhost { broker in
                let bench = try await FactBench(taking, database, broker)
                let value = try await body(bench)
                await bench.publisher.drain()
                bench.servers.close()
                return value
            }
        }
    }

    private init(_ taking: Subscription.Taking, _ database: TestDatabase, _ broker: TestBroker) async throws {
        (self.taking, self.database, self.broker) = (taking, database, broker)
        servers = DatabaseServers([.init(name: "main", primary: database.configuration)])
        directory = try await Self.directory(of: "ledger", servers)
        let listening = EventRouting.listening("ledger", to: [AggregateName(of: AppointmentConfirmed.name)])
        publisher = try await broker.publisher(declaring: listening)
    }

    /// The directory of a service that is ready for the tenant.
    static func directory(of service: TenantSlug, _ servers: DatabaseServers) async throws -> TenantDirectory {
        let ledger = MigrationSet(
            "ledger",
            [
                Migration(
                    1, "ledger",
                    Array(
                        """
                        CREATE TABLE entries (
                            place bigint GENERATED ALWAYS AS IDENTITY, aggregate text, version int, event uuid);
                        CREATE TABLE poison (aggregate text, version int);
                        """.utf8))
            ])
        let directory = TenantDirectory(
            service: service, servers: servers, registry: [.messaging], tenants: [.messaging, ledger])
        try await directory.open()
        try await directory.registry.query(directory.registration(of: tenant, version: 1))
        try await directory.reload()
        try await directory.prepare(tenant.slug)
        return directory
    }

    /// The schema of the tenant in the listening service.
    var data: SchemaStore { get async throws { try await directory.store(for: Self.tenant.slug).data } }

    /// All services have the account of the tests.
    var authors: EventAuthors { EventAuthors(account: broker.account, accounts: ["*": broker.account]) }

    var parked: ParkedMessages {
        get throws {
            ParkedMessages(
                of: "ledger", try broker.configuration(), authors: authors,
                facts: WaitingFacts(subscriptions, directory))
        }
    }

    var subscriptions: [Subscription] {
        [
            .to(AppointmentConfirmed.self, scope: .tenant, taking: taking) { event, context in
                try await Self.enter(event.subject, event.version, event.id, context)
            },
            .to(AppointmentCancelled.self, scope: .tenant, taking: taking) { event, context in
                try await Self.enter(event.subject, event.version, event.id, context)
            },
        ]
    }

    /// What is named in `poison` divides by zero.
    private static func enter(
        _ aggregate: String, _ version: Int, _ event: EventID, _ context: Subscription.Context
    ) async throws {
        try await context.transaction.batch([
            """
            SELECT 1 / (count(*) = 0)::int FROM poison WHERE aggregate = \(aggregate) AND version = \(version)
            """,
            "INSERT INTO entries (aggregate, version, event) VALUES (\(aggregate), \(version), \(event))",
        ])
    }

    /// The versions that were handled, in their order, by aggregate.
    func entries() async throws -> [String: [Int]] {
        var entries: [String: [Int]] = [:]
        for row in try await data.query("SELECT aggregate, version FROM entries ORDER BY place") {
            entries[try row.get("aggregate"), default: []].append(try row.get("version"))
        }
        return entries
    }

    /// An event as its publisher would send it. Of each third version there is no subscription.
    static func event(_ aggregate: String, _ version: Int) throws -> ReceivedEvent {
        let snapshot = snapshot()
        func envelope<Payload: Event>(_ payload: Payload) throws -> ReceivedEvent {
            let event = CloudEvent(
                id: .new(), name: Payload.name, aggregate: aggregate, version: version, tenant: tenant.slug,
                time: .now, correlation: "test", data: payload)
            return ReceivedEvent(attributes: event.attributes, body: try JSONOutput.encode(event))
        }
        switch version % 3 {
        case 0: return try envelope(AppointmentHeld(appointment: snapshot))
        case 1: return try envelope(AppointmentConfirmed(appointment: snapshot))
        default: return try envelope(AppointmentCancelled(appointment: snapshot))
        }
    }

    static func snapshot() -> AppointmentSnapshot {
        AppointmentSnapshot(
            id: .new(), status: "confirmed", careType: "soin", practitioner: .new(), room: nil, patient: nil,
            start: .now, end: .now, blocked: BlockedTime(from: .now, to: .now), holdExpires: nil)
    }

    /// Puts events into the queues of the listening service, in this order.
    func deliver(_ events: [ReceivedEvent]) async throws {
        for event in events {
            let queue = EventRouting.queue("ledger", shard: Shard.of(event.attributes.partitionkey))
            try await publisher.publish(event.message(to: "", queue))
        }
    }

    /// Waits until `condition` holds, 30 s at most.
    func wait(_ what: String = #function, until condition: @EventLoop () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try await !condition() {
            guard ContinuousClock.now < deadline else {
                throw Late(what: what)
            }
            try await EventLoop.sleep(for: .milliseconds(20))
        }
    }

    /// One process of the listening service.
    @EventLoop
    final class Listener {
        private let bench: FactBench
        private let consumer: EventConsumer
        private let shutdown = GracefulShutdown()
        private let publisher: AMQPPublisher
        private let connection: AMQPConsumer

        /// - Parameter forgets: whether the process dies after a commit, before the broker hears of it.
        init(on bench: FactBench, forgets: @escaping @EventLoop () -> Bool = { false }) async throws {
            self.bench = bench
            publisher = try await bench.broker.publisher(named: "listener", declaring: EventRouting.publishing)
            let consumer = EventConsumer(
                service: "ledger", subscriptions: bench.subscriptions, directory: bench.directory,
                publisher: publisher, authors: bench.authors, metrics: MetricsRegistry(), until: shutdown)
            self.consumer = consumer
            connection = AMQPConsumer(
                try bench.broker.configuration(named: "listener"), declaring: consumer.topology,
                consuming: consumer.queues
            ) { deliveries in
                let verdicts = await consumer.receive(deliveries)
                return forgets() ? verdicts.map { _ in .requeue } : verdicts
            }
        }

        /// What the service does every few seconds.
        func sweep() async {
            await consumer.sweep()
            await bench.relay()
        }

        func stop() async {
            shutdown.request()
            await connection.drain()
            await publisher.drain()
        }
    }
}

/// What was waited for did not happen within 30 s.
struct Late: Error { let what: String }
