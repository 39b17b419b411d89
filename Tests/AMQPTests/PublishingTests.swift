import AMQP
import AMQPTesting
import EventLoop
import Primitives
import Testing

extension BrokerTests {
    @Suite("Publishing")
    struct PublishingTests {
        @Test("5,000 publishes at once are all confirmed")
        func confirms() async throws {
            try await TestBroker.withVhost { broker in
                var configuration = try broker.configuration()
                configuration.waitingLimit = 5000
                configuration.waitTimeout = .seconds(60)
                let publisher = AMQPPublisher(configuration, declaring: Topology(queues: [.work()]))
                let ends = await publishAll(0..<5000, to: "work", by: publisher)
                await publisher.drain()
                #expect(ends.count == 5000)
                #expect(ends.values.allSatisfy { $0 == nil })
            }
        }

        @Test("a message without a queue is unroutable, its neighbours are not")
        func unroutable() async throws {
            try await TestBroker.withVhost { broker in
                let publisher = try await broker.publisher(declaring: Topology(queues: [.work()]))
                async let good = publishAll(0..<50, to: "work", by: publisher)
                async let bad = publishAll(50..<60, to: "nowhere", by: publisher)
                #expect(await good.values.allSatisfy { $0 == nil })
                #expect(await bad.values.allSatisfy { $0 == .unroutable })
                await publisher.drain()
            }
        }

        @Test("an alternate exchange gets messages without another route")
        func alternateExchange() async throws {
            try await TestBroker.withVhost { broker in
                let topology = Topology(
                    exchanges: [
                        Exchange("unrouted", .fanout), Exchange("events", .topic, alternateExchange: "unrouted"),
                    ],
                    queues: [.work("left-over")],
                    bindings: [Binding(queue: "left-over", to: "unrouted", routingKey: "")])
                let publisher = try await broker.publisher(declaring: topology)
                try await publisher.publish(message(1, to: "a.b", exchange: "events"))
                await publisher.drain()
                let seen = try await consumed(1, from: "left-over", on: broker)
                #expect(seen.map(\.routingKey) == ["a.b"])
            }
        }

        @Test("a full queue refuses")
        func refused() async throws {
            try await TestBroker.withVhost { broker in
                let full = Queue(
                    "full", .classic(durable: true, exclusive: false, autoDelete: false),
                    limit: Queue.Limit(messages: 1, overflow: .rejectPublish))
                let publisher = try await broker.publisher(declaring: Topology(queues: [full]))
                try await publisher.publish(message(1, to: "full"))
                await #expect(throws: PublishError.refused) { try await publisher.publish(message(2, to: "full")) }
                await publisher.drain()
            }
        }

        @Test("every property arrives")
        func properties() async throws {
            try await TestBroker.withVhost { broker in
                let publisher = try await broker.publisher(declaring: Topology(queues: [.work()]))
                let body = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
                try await publisher.publish(
                    OutgoingMessage(
                        exchange: "", routingKey: "work", body: body, contentType: "application/cloudevents+json",
                        messageID: "é-1", type: "slot.held.v1", timestamp: Instant(seconds: 1_790_000_000),
                        headers: ["cloudEvents_subject": "créneau", "traceparent": "00-1"]))
                await publisher.drain()
                let delivery = try #require(try await consumed(1, from: "work", on: broker).first)
                #expect(delivery.body == body)
                #expect(delivery.contentType == "application/cloudevents+json")
                #expect(delivery.messageID == "é-1")
                #expect(delivery.type == "slot.held.v1")
                #expect(delivery.timestamp == Instant(seconds: 1_790_000_000))
                #expect(delivery.headers["cloudEvents_subject"] == "créneau")
                #expect(delivery.headers["traceparent"] == "00-1")
                #expect(delivery.deliveryCount == 0)
            }
        }

        @Test("publishes beyond the limits fail at once, and every publish ends")
        func backpressure() async throws {
            try await TestBroker.withVhost { broker in
                var configuration = try broker.configuration()
                (configuration.outstandingLimit, configuration.waitingLimit) = (1, 4)
                let publisher = AMQPPublisher(configuration, declaring: Topology(queues: [.work()]))
                let ends = await publishAll(0..<2000, to: "work", by: publisher)
                await publisher.drain()
                let confirmed = ends.values.count { $0 == nil }
                #expect(confirmed >= 4)
                #expect(ends.values.count { $0 == .saturated } == 2000 - confirmed)
                #expect(ends.values.contains(.saturated))
            }
        }

        @Test("without a broker a publish fails after its timeout")
        func unreachable() async throws {
            let states = Journal<ConnectionState>()
            var configuration = try AMQPConfiguration(url: "amqp://127.0.0.1:1", connectionName: "test")
            configuration.waitTimeout = .milliseconds(200)
            let publisher = AMQPPublisher(
                configuration, declaring: Topology(), observer: AMQPObserver(stateChanged: { states.record($0) }))
            await #expect(throws: PublishError.disconnected) { try await publisher.publish(message(1, to: "work")) }
            try await states.wait { states in
                states.contains { if case .disconnected(.unreachable) = $0 { true } else { false } }
            }
            await publisher.drain()
            await #expect(throws: PublishError.disconnected) { try await publisher.publish(message(2, to: "work")) }
        }

        @Test("every queue that exists with other properties is named")
        func mismatch() async throws {
            try await TestBroker.withVhost { broker in
                let first = Topology(
                    exchanges: [Exchange("events", .topic)], queues: [.work("a"), .work("b"), .work("c")])
                let publisher = try await broker.publisher(declaring: first)
                try await publisher.publish(message(1, to: "a"))
                let other = Topology(
                    exchanges: [Exchange("events", .fanout)], queues: [.work("a"), .work("b", deliveryLimit: 3)])
                let states = Journal<ConnectionState>()
                let second = AMQPPublisher(
                    try broker.configuration(), declaring: other,
                    observer: AMQPObserver(stateChanged: { states.record($0) }))
                try await states.wait { $0.contains { faults(of: $0) != nil } }
                let found = await states.entries.compactMap { faults(of: $0) }.first ?? []
                #expect(found.map(\.subject) == ["exchange events", "queue b"])
                #expect(found.map(\.code) == [406, 406])
                #expect(found.last?.reply.contains("x-delivery-limit") == true)
                await publisher.drain()
                await second.drain()
            }
        }

        @Test("a wrong password is reported as refused by the broker")
        func refusedLogin() async throws {
            try await TestBroker.withVhost { broker in
                let states = Journal<ConnectionState>()
                let publisher = AMQPPublisher(
                    try broker.configuration(password: "wrong"), declaring: Topology(),
                    observer: AMQPObserver(stateChanged: { states.record($0) }))
                try await states.wait { states in
                    states.contains { if case .disconnected(.closedByBroker(403, _)) = $0 { true } else { false } }
                }
                await publisher.drain()
            }
        }
    }
}

private func faults(of state: ConnectionState) -> [TopologyFault]? {
    guard case .disconnected(.topologyMismatch(let faults)) = state else { return nil }
    return faults
}

/// Acknowledges `count` messages of a queue and returns them.
func consumed(_ count: Int, from queue: String, on broker: TestBroker) async throws -> [Delivery] {
    let journal = Journal<Delivery>()
    let consumer = AMQPConsumer(
        try broker.configuration(named: "reader"), declaring: Topology(),
        consuming: [QueueConsumption(queue: queue, prefetch: 50)]
    ) { delivery in
        journal.record(delivery)
        return .ack
    }
    try await journal.wait { $0.count >= count }
    await consumer.drain()
    return await journal.entries
}
