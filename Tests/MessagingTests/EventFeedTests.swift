import AMQP
import AMQPTesting
import EventLoop
import GuichetProtocol
import JSONCoding
import Primitives
import Runtime
import Testing

@testable import Messaging

@Suite("A feed of events")
struct EventFeedTests {
    @Test("has every process hear every event of its types, in order and with its envelope")
    func everyProcess() async throws {
        try await TestBroker.withVhost { broker in
            let feeds = [try await Feed(on: broker), try await Feed(on: broker)]
            for version in 1...20 { try await feeds[0].publish(version) }
            for feed in feeds {
                try await feed.heard.wait { $0.count == 20 }
                #expect(await feed.heard.entries == (1...20).map { "cabinet-1 \($0)" })
            }
            for feed in feeds { await feed.stop() }
        }
    }

    @Test("drops what its author may not publish, and goes on")
    func forged() async throws {
        try await TestBroker.withVhost { broker in
            let feed = try await Feed(on: broker, accounts: ["booking": "booking"])
            try await feed.publish(1)
            try await feed.publish(2, SchemaPrepared(service: "booking", tenant: "cabinet-1"))
            try await feed.publish(3, SchemaPrepared(service: "identity", tenant: "cabinet-1"))
            try await feed.heard.wait { $0.count == 1 }
            #expect(await feed.heard.entries == ["identity 3"])
            await feed.stop()
        }
    }

    @Test("drops unread what concerns no tenant that is listened to")
    func unheard() async throws {
        try await TestBroker.withVhost { broker in
            let feed = try await Feed(on: broker, tenants: ["cabinet-2"])
            try await feed.publish(1)
            try await feed.publish(2, SchemaPrepared(service: "booking", tenant: "cabinet-1"))
            try await feed.heard.wait { $0.count == 1 }
            #expect(await feed.heard.entries == ["booking 2"])
            await feed.stop()
        }
    }

    @Test("begins again after its connection was lost, and says so before the next event")
    func interrupted() async throws {
        try await TestBroker.withVhost { broker in
            let feed = try await Feed(on: broker)
            try await feed.publish(1)
            try await feed.heard.wait { $0.count == 1 }
            for starts in 2...3 {
                try await broker.close(try await broker.connections(named: "feed"))
                try await feed.starts.wait { $0.count == starts }
                try await feed.publish(starts)
                try await feed.heard.wait { $0.count == starts }
            }
            #expect(await feed.starts.entries == [0, 1, 2])
            await feed.stop()
        }
    }

    @Test("leaves no queue behind")
    func queue() async throws {
        try await TestBroker.withVhost { broker in
            let feed = try await Feed(on: broker)
            let name = feed.queue
            await feed.stop()
            // A queue that another connection owns exclusively could not be declared.
            let topology = Topology(queues: [Queue(name, .classic(durable: false, exclusive: false, autoDelete: true))])
            let publisher = try await broker.publisher(declaring: topology)
            await publisher.drain()
        }
    }
}

/// A feed and a publisher of Booking's events.
@EventLoop
private final class Feed {
    let heard = Journal<String>()
    /// How many events had been heard at each start.
    let starts = Journal<Int>()
    let queue: String
    private let connection: AMQPConsumer
    private let publisher: AMQPPublisher

    /// - Parameters:
    ///   - accounts: of the services; by default all have the account of the tests.
    ///   - tenants: whose appointments are listened to.
    init(
        on broker: TestBroker, accounts: [String: String] = [:], tenants: Set<TenantSlug> = ["cabinet-1"]
    ) async throws {
        let (heard, starts) = (self.heard, self.starts)
        publisher = try await broker.publisher(declaring: EventRouting.publishing)
        let feed = EventFeed(
            of: "realtime",
            subscriptions: FeedSubscription.toFamily(AppointmentData.self) {
                heard.record("\($0.tenantid) \($0.version)")
            }.map { $0.only { tenants.contains($0) } } + [
                .to(SchemaPrepared.self) { heard.record("\($0.data.service) \($0.version)") }
            ],
            authors: EventAuthors(
                account: broker.account, accounts: ["*": broker.account].merging(accounts) { $1 }),
            metrics: MetricsRegistry()
        ) { starts.record(heard.entries.count) }
        queue = feed.queues[0].queue
        connection = AMQPConsumer(
            try broker.configuration(named: "feed"), declaring: feed.topology, consuming: feed.queues,
            observer: AMQPObserver(stateChanged: { feed.changed(to: $0) })
        ) { feed.receive($0) }
        try await starts.wait { !$0.isEmpty }
    }

    func publish(_ version: Int) async throws {
        try await publish(version, AppointmentConfirmed(appointment: FactBench.snapshot()))
    }

    func publish<Payload: Event>(_ version: Int, _ payload: Payload) async throws {
        let event = CloudEvent(
            id: .new(), name: Payload.name, aggregate: "a", version: version, tenant: "cabinet-1", time: .now,
            correlation: "test", data: payload)
        try await publisher.publish(
            OutgoingMessage(
                exchange: EventRouting.exchange,
                routingKey: Payload.name.routingKey(tenant: "cabinet-1", shard: Shard.of("a")),
                body: JSONOutput.encode(event), contentType: EventRouting.contentType,
                messageID: event.id.description, type: event.type))
    }

    func stop() async {
        await connection.drain()
        await publisher.drain()
    }
}
