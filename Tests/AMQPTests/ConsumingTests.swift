import AMQP
import AMQPTesting
import EventLoop
import Testing

extension BrokerTests {
    @Suite("Consuming")
    struct ConsumingTests {
        @Test("a queue is handled one by one in its order, two queues at the same time")
        func order() async throws {
            try await TestBroker.withVhost { broker in
                let topology = Topology(queues: [.work("a"), .work("b")])
                let publisher = try await broker.publisher(declaring: topology)
                let floor = Floor()
                let consumer = AMQPConsumer(
                    try broker.configuration(), declaring: topology,
                    consuming: [
                        QueueConsumption(queue: "a", prefetch: 20), QueueConsumption(queue: "b", prefetch: 20),
                    ]
                ) { delivery in
                    await floor.handle(delivery)
                    return .ack
                }
                await publishInOrder(0..<500, to: ["a", "b"], by: publisher)
                try await floor.handled.wait { $0.count == 1000 }
                await consumer.drain()
                await publisher.drain()
                for queue in ["a", "b"] {
                    #expect(await floor.handled.entries.filter { $0.queue == queue }.map(\.number) == Array(0..<500))
                }
                #expect(await floor.mostInOneQueue == 1)
                #expect(await floor.mostAtOnce == 2)
            }
        }

        @Test("a message that expires becomes a dead letter and returns under its own key")
        func lifetime() async throws {
            try await TestBroker.withVhost { broker in
                let topology = Topology(
                    exchanges: [Exchange("aside", .fanout)],
                    queues: [
                        .work("work"),
                        Queue(
                            "aside", .quorum(deliveryLimit: 5), deadLetter: .init(exchange: ""),
                            limit: .init(messages: 10, overflow: .rejectPublish), lifetime: .milliseconds(500)),
                    ], bindings: [Binding(queue: "aside", to: "aside", routingKey: "")])
                let publisher = try await broker.publisher(declaring: topology)
                let begun = ContinuousClock.now
                for number in 0..<3 {
                    var message = message(number, to: "work")
                    message.exchange = "aside"
                    try await publisher.publish(message)
                }
                let back = try await consumed(3, from: "work", on: broker)
                #expect(back.map(\.number) == [0, 1, 2])
                #expect(ContinuousClock.now - begun >= .milliseconds(500))
                await publisher.drain()
            }
        }

        @Test("messages that arrive during a batch form the next one, up to the prefetch, each with its own verdict")
        func batches() async throws {
            try await TestBroker.withVhost { broker in
                let topology = Topology(queues: [.work("dead"), .work(deadLetters: "dead")])
                let publisher = try await broker.publisher(declaring: topology)
                let (gate, begun) = (Gate(), Journal<[Int?]>())
                let consumer = AMQPConsumer(
                    try broker.configuration(), declaring: topology,
                    consuming: [QueueConsumption(queue: "work", prefetch: 8)]
                ) { deliveries in
                    begun.record(deliveries.map(\.number))
                    await gate.pass()
                    return deliveries.map { $0.number == 6 ? .reject : .ack }
                }
                try await publisher.publish(message(0, to: "work"))
                try await begun.wait { $0.count == 1 }
                await publishInOrder(1..<20, to: ["work"], by: publisher)
                await gate.open()
                try await begun.wait { $0.joined().count == 20 }
                let dead = try await consumed(1, from: "dead", on: broker)
                await consumer.drain()
                await publisher.drain()
                let entries = await begun.entries
                #expect(entries.joined().map { $0 } == Array(0..<20))
                #expect(entries[0] == [0] && entries.allSatisfy { $0.count <= 8 })
                #expect(entries.count < 20)
                #expect(dead.map(\.number) == [6])
            }
        }

        @Test("the broker delivers at most the prefetch before a verdict")
        func prefetch() async throws {
            try await TestBroker.withVhost { broker in
                let topology = Topology(queues: [.work()])
                let publisher = try await broker.publisher(declaring: topology)
                await publishInOrder(0..<10, to: ["work"], by: publisher)
                let (gate, begun, rest) = (Gate(), Journal<Int?>(), Journal<Int?>())
                let slow = AMQPConsumer(
                    try broker.configuration(), declaring: topology,
                    consuming: [QueueConsumption(queue: "work", prefetch: 3)]
                ) { delivery in
                    begun.record(delivery.number)
                    await gate.pass()
                    return .ack
                }
                try await begun.wait { $0.count == 1 }
                let other = AMQPConsumer(
                    try broker.configuration(), declaring: topology,
                    consuming: [QueueConsumption(queue: "work", prefetch: 20)]
                ) { delivery in
                    rest.record(delivery.number)
                    return .ack
                }
                try await rest.wait { $0.count == 7 }
                #expect(await rest.entries == Array(3..<10))
                await gate.open()
                try await begun.wait { $0.count == 3 }
                for consumer in [slow, other] { await consumer.drain() }
                await publisher.drain()
                #expect(await rest.entries.count + begun.entries.count == 10)
            }
        }

        @Test("a rejected message becomes a dead letter with the reason")
        func reject() async throws {
            try await TestBroker.withVhost { broker in
                let topology = Topology(queues: [.work("dead"), .work(deadLetters: "dead")])
                let publisher = try await broker.publisher(declaring: topology)
                let consumer = AMQPConsumer(
                    try broker.configuration(), declaring: topology,
                    consuming: [QueueConsumption(queue: "work", prefetch: 5)]
                ) { $0.number == 2 ? .reject : .ack }
                await publishInOrder(0..<5, to: ["work"], by: publisher)
                let dead = try await consumed(1, from: "dead", on: broker)
                await consumer.drain()
                await publisher.drain()
                #expect(dead.map(\.number) == [2])
                #expect(dead.first?.deathReason == "rejected")
                #expect(dead.first?.deathQueue == "work")
            }
        }

        @Test("a message that always returns becomes a dead letter after the delivery limit")
        func deliveryLimit() async throws {
            try await TestBroker.withVhost { broker in
                let topology = Topology(queues: [.work("dead"), .work(deliveryLimit: 3, deadLetters: "dead")])
                let publisher = try await broker.publisher(declaring: topology)
                let counts = Journal<Int>()
                let consumer = AMQPConsumer(
                    try broker.configuration(), declaring: topology,
                    consuming: [QueueConsumption(queue: "work", prefetch: 5)]
                ) { delivery in
                    counts.record(delivery.deliveryCount)
                    return .requeue
                }
                try await publisher.publish(message(1, to: "work"))
                let dead = try await consumed(1, from: "dead", on: broker)
                await consumer.drain()
                await publisher.drain()
                #expect(await counts.entries == [0, 1, 2, 3])
                #expect(dead.first?.deathReason == "delivery_limit")
            }
        }

        @Test("of two consumers one is active; the other takes over in order")
        func singleActiveConsumer() async throws {
            try await TestBroker.withVhost { broker in
                let queue = Queue("work", .quorum(deliveryLimit: 10), singleActiveConsumer: true)
                let topology = Topology(queues: [queue])
                let publisher = try await broker.publisher(declaring: topology)
                let handled = Journal<(consumer: Int, number: Int?)>()
                func consumer(_ id: Int) throws -> AMQPConsumer {
                    AMQPConsumer(
                        try broker.configuration(named: "consumer \(id)"), declaring: topology,
                        consuming: [QueueConsumption(queue: "work", prefetch: 10)]
                    ) { delivery in
                        handled.record((id, delivery.number))
                        return .ack
                    }
                }
                let first = try consumer(1)
                await publishInOrder(0..<100, to: ["work"], by: publisher)
                try await handled.wait { !$0.isEmpty }
                let second = try consumer(2)
                await publishInOrder(100..<200, to: ["work"], by: publisher)
                try await handled.wait { $0.count >= 150 }
                await first.drain()
                await publishInOrder(200..<300, to: ["work"], by: publisher)
                try await handled.wait { $0.count == 300 }
                await second.drain()
                await publisher.drain()
                let entries = await handled.entries
                #expect(entries.map(\.number) == Array(0..<300))
                #expect(entries.map(\.consumer) == entries.map(\.consumer).sorted())
                #expect(entries.prefix(150).allSatisfy { $0.consumer == 1 })
                #expect(entries.suffix(100).allSatisfy { $0.consumer == 2 })
            }
        }

        @Test("draining finishes running handlers, starts none, and returns the rest to the queue")
        func drain() async throws {
            try await TestBroker.withVhost { broker in
                let topology = Topology(queues: [.work()])
                let publisher = try await broker.publisher(declaring: topology)
                await publishInOrder(0..<5, to: ["work"], by: publisher)
                await publisher.drain()
                let (gate, begun, states) = (Gate(), Journal<Int?>(), Journal<ConnectionState>())
                let consumer = AMQPConsumer(
                    try broker.configuration(), declaring: topology,
                    consuming: [QueueConsumption(queue: "work", prefetch: 1)],
                    observer: AMQPObserver(stateChanged: { states.record($0) })
                ) { delivery in
                    begun.record(delivery.number)
                    await gate.pass()
                    return .ack
                }
                try await begun.wait { $0.count == 1 }
                async let drained: Void = consumer.drain()
                try await states.wait { $0.contains(.draining) }
                await gate.open()
                await drained
                try await states.wait { $0.last == .closed }
                #expect(await begun.entries == [0])
                #expect(try await consumed(4, from: "work", on: broker).map(\.number) == [1, 2, 3, 4])
            }
        }
    }
}

/// Records how many handlers run concurrently.
@EventLoop
private final class Floor {
    let handled = Journal<(queue: String, number: Int?)>()
    private var running: [String: Int] = [:]
    private(set) var mostInOneQueue = 0
    private(set) var mostAtOnce = 0

    nonisolated init() {}

    func handle(_ delivery: Delivery) async {
        running[delivery.queue, default: 0] += 1
        mostInOneQueue = max(mostInOneQueue, running.values.max() ?? 0)
        mostAtOnce = max(mostAtOnce, running.values.reduce(0, +))
        // Yields to the loop, so that another handler would run if it could.
        try? await EventLoop.sleep(for: .microseconds(100))
        running[delivery.queue, default: 0] -= 1
        handled.record((delivery.queue, delivery.number))
    }
}

/// Publishes each number to each queue, requested in order and concurrently.
@EventLoop
func publishInOrder(_ numbers: Range<Int>, to queues: [String], by publisher: AMQPPublisher) async {
    let publishes = numbers.flatMap { number in
        queues.map { queue in
            Task.immediate { @EventLoop in try await publisher.publish(message(number, to: queue)) }
        }
    }
    for publish in publishes {
        await #expect(throws: Never.self) { try await publish.value }
    }
}
