import AMQP
import AMQPTesting
import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres
import PostgresTesting
import Primitives
import Runtime
import Tenancy

@testable import Messaging

/// Booking, as far as it records, relays and replays events.
@EventLoop
final class Publisher {
    private let bench: FactBench
    private let directory: TenantDirectory
    private let relays: OutboxRelay
    private let publisher: AMQPPublisher
    private let consumer: EventConsumer
    private let connection: AMQPConsumer
    private let shutdown = GracefulShutdown()

    init(on bench: FactBench) async throws {
        self.bench = bench
        directory = try await FactBench.directory(of: "booking", bench.servers)
        publisher = try await bench.broker.publisher(named: "booking", declaring: EventRouting.publishing)
        relays = OutboxRelay(directory: directory, publisher: publisher, metrics: MetricsRegistry())
        let consumer = EventConsumer(
            service: "booking", subscriptions: [], directory: directory, publisher: publisher,
            authors: bench.authors, metrics: MetricsRegistry(), until: shutdown)
        self.consumer = consumer
        let (listens, changes) = (Journal<ConnectionState>(), try bench.broker.configuration(named: "booking"))
        connection = AMQPConsumer(
            changes, declaring: consumer.topology, consuming: consumer.queues,
            observer: AMQPObserver(stateChanged: { listens.record($0) })
        ) { await consumer.receive($0) }
        try await listens.wait { $0.contains(.connected) }
    }

    var data: SchemaStore { get async throws { try await directory.store(for: FactBench.tenant.slug).data } }

    var registry: SchemaStore { directory.registry }

    var restoration: Restoration { Restoration(of: "booking", [], directory) }

    func record(_ aggregate: String, _ version: Int) async throws {
        let snapshot = FactBench.snapshot()
        func statement(_ event: some Event) throws -> SQL {
            try Outbox.record(event, of: aggregate, version: version, tenant: FactBench.tenant.slug, at: .now)
        }
        let statement =
            switch version % 3 {
            case 0: try statement(AppointmentHeld(appointment: snapshot))
            case 1: try statement(AppointmentConfirmed(appointment: snapshot))
            default: try statement(AppointmentCancelled(appointment: snapshot))
            }
        try await data.query(statement)
    }

    /// Marks all events as published, as if no queue had been there for them.
    func loseAll() async throws { try await data.query("UPDATE outbox SET published_at = now()") }

    /// Publishes what waits in the tenant's outbox.
    func relay() async throws {
        let data = try await data
        relays.wake(data)
        try await bench.wait { try await data.query("SELECT 1 FROM outbox WHERE published_at IS NULL").isEmpty }
    }

    /// What the service does every few seconds.
    func sweep() async {
        await relays.sweep()
        await consumer.sweep()
    }

    func stop() async {
        shutdown.request()
        await connection.drain()
        await publisher.drain()
    }
}

extension FactBench {
    /// Publishes what waits in the outboxes of the listening service.
    func relay() async {
        await OutboxRelay(directory: directory, publisher: publisher, metrics: MetricsRegistry()).sweep()
    }

    /// True when all the aggregates were followed to this version, in the first generation or in a later one.
    func isHandled(_ aggregates: [String], _ version: Int, inLaterGeneration isLater: Bool = false) async throws -> Bool
    {
        let names = aggregates.map { "appointment/" + $0 }
        let rows = try await data.query(
            """
            SELECT 1 FROM inbox WHERE aggregate = ANY (\(names)::text[]) AND version = \(version)
                AND (generation > 1) = \(isLater)::bool
            """)
        return rows.count == aggregates.count
    }
}
