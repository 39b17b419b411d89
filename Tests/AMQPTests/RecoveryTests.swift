import AMQP
import AMQPTesting
import EventLoop
import Testing

extension BrokerTests {
    @Suite("Losing the connection")
    struct RecoveryTests {
        @Test("while publishing and consuming: confirmed messages are consumed")
        func closedConnections() async throws {
            try await TestBroker.withVhost { broker in
                let topology = Topology(queues: [.work(deliveryLimit: 100)])
                let publisher = try await broker.publisher(named: "publisher", declaring: topology)
                let (confirmed, handled, states) = (Journal<Int>(), Journal<Int>(), Journal<ConnectionState>())
                let consumer = AMQPConsumer(
                    try broker.configuration(named: "consumer"), declaring: topology,
                    consuming: [QueueConsumption(queue: "work", prefetch: 50)],
                    observer: AMQPObserver(stateChanged: { states.record($0) })
                ) { delivery in
                    if let number = delivery.number { handled.record(number) }
                    return .ack
                }
                let doomed = try await ["publisher", "consumer"].asyncMap { try await broker.connections(named: $0) }
                let work = Task { @EventLoop in await publishForEver(by: publisher, until: 20_000, into: confirmed) }
                try await confirmed.wait { $0.count > 500 }
                try await broker.close(doomed.flatMap { $0 })
                #expect(await confirmed.entries.count < 20_000)
                await work.value
                #expect(await states.entries.count { $0 == .connected } >= 2)
                let expected = Set(await confirmed.entries)
                try await handled.wait { $0.count >= expected.count && Set($0).isSuperset(of: expected) }
                await consumer.drain()
                await publisher.drain()
                #expect(expected == Set(0..<20_000))
            }
        }

        @Test("a publish under way fails, one that waits is sent on the next connection")
        func waitingPublishes() async throws {
            try await TestBroker.withVhost { broker in
                let relay = Relay(to: try broker.configuration())
                defer { relay.close() }
                let states = Journal<ConnectionState>()
                let publisher = AMQPPublisher(
                    try broker.configuration(port: relay.port), declaring: Topology(queues: [.work()]),
                    observer: AMQPObserver(stateChanged: { states.record($0) }))
                try await publisher.publish(message(1, to: "work"))
                relay.cut()
                try await states.wait { $0.contains { isDisconnected($0) } }
                try await publisher.publish(message(2, to: "work"))
                await publisher.drain()
                #expect(try await consumed(2, from: "work", on: broker).map(\.number) == [1, 2])
            }
        }

        @Test("a verdict of the old connection settles nothing on the new one")
        func epochs() async throws {
            try await TestBroker.withVhost { broker in
                let relay = Relay(to: try broker.configuration())
                defer { relay.close() }
                let topology = Topology(queues: [.work()])
                let publisher = try await broker.publisher(declaring: topology)
                let (gate, begun, states) = (Gate(), Journal<Delivery>(), Journal<ConnectionState>())
                let consumer = AMQPConsumer(
                    try broker.configuration(port: relay.port), declaring: topology,
                    consuming: [QueueConsumption(queue: "work", prefetch: 5)],
                    observer: AMQPObserver(stateChanged: { states.record($0) })
                ) { delivery in
                    begun.record(delivery)
                    await gate.pass()
                    return .ack
                }
                try await publisher.publish(message(1, to: "work"))
                try await begun.wait { $0.count == 1 }
                relay.cut()
                try await states.wait { $0.count { $0 == .connected } == 2 }
                // The first handler still runs: the same message must not be handled concurrently.
                try await publisher.publish(message(2, to: "work"))
                #expect(await begun.entries.count == 1)
                await gate.open()
                try await begun.wait { $0.count == 3 }
                await consumer.drain()
                await publisher.drain()
                #expect(await begun.entries.map(\.number) == [1, 1, 2])
                #expect(await begun.entries.map(\.isRedelivered) == [false, true, false])
            }
        }

        @Test("draining without a connection still waits for the handler that runs")
        func drainDisconnected() async throws {
            try await TestBroker.withVhost { broker in
                let relay = Relay(to: try broker.configuration())
                let topology = Topology(queues: [.work()])
                let publisher = try await broker.publisher(declaring: topology)
                let (gate, events, states) = (Gate(), Journal<String>(), Journal<ConnectionState>())
                let consumer = AMQPConsumer(
                    try broker.configuration(port: relay.port), declaring: topology,
                    consuming: [QueueConsumption(queue: "work", prefetch: 5)],
                    observer: AMQPObserver(stateChanged: { states.record($0) })
                ) { _ in
                    events.record("begun")
                    await gate.pass()
                    events.record("ended")
                    return .ack
                }
                try await publisher.publish(message(1, to: "work"))
                try await events.wait { $0.count == 1 }
                relay.close()
                try await states.wait { $0.contains { isDisconnected($0) } }
                let drained = Task { @EventLoop in
                    await consumer.drain()
                    events.record("drained")
                }
                try await states.wait { states in
                    states.count { isDisconnected($0) } >= 2
                }
                await gate.open()
                await drained.value
                await publisher.drain()
                #expect(await events.entries == ["begun", "ended", "drained"])
                #expect(try await consumed(1, from: "work", on: broker).map(\.number) == [1])
            }
        }

        @Test("a deleted queue is declared again and consumed")
        func deletedQueue() async throws {
            try await TestBroker.withVhost { broker in
                let topology = Topology(queues: [.work()])
                let (handled, states) = (Journal<Int?>(), Journal<ConnectionState>())
                let consumer = AMQPConsumer(
                    try broker.configuration(), declaring: topology,
                    consuming: [QueueConsumption(queue: "work", prefetch: 5)],
                    observer: AMQPObserver(stateChanged: { states.record($0) })
                ) { delivery in
                    handled.record(delivery.number)
                    return .ack
                }
                try await states.wait { $0.contains(.connected) }
                try await broker.deleteQueue("work")
                try await states.wait { $0.count { $0 == .connected } == 2 }
                #expect(await states.entries.contains(.disconnected(.consumerCancelled(queue: "work"))))
                let publisher = try await broker.publisher(declaring: topology)
                try await publisher.publish(message(7, to: "work"))
                try await handled.wait { $0 == [7] }
                await consumer.drain()
                await publisher.drain()
            }
        }

        @Test("the heartbeat detects a silent broker", arguments: [10, 500_000])
        func silentBroker(bodySize: Int) async throws {
            try await TestBroker.withVhost { broker in
                let relay = Relay(to: try broker.configuration())
                defer { relay.close() }
                var configuration = try broker.configuration(port: relay.port)
                (configuration.heartbeat, configuration.outstandingLimit) = (.seconds(1), 8)
                (configuration.waitTimeout, configuration.confirmTimeout) = (.seconds(30), .seconds(30))
                let states = Journal<ConnectionState>()
                let publisher = AMQPPublisher(
                    configuration, declaring: Topology(queues: [.work()]),
                    observer: AMQPObserver(stateChanged: { states.record($0) }))
                try await publisher.publish(message(1, to: "work"))
                relay.fallSilent()
                let silent = ContinuousClock.now
                // With large bodies the thread blocks in a write, with small ones it waits for an answer.
                let size = bodySize
                let publishes = (0..<40).map { id in
                    Task {
                        var message = message(id, to: "work")
                        message.body = Array(repeating: 0, count: size)
                        try await publisher.publish(message)
                    }
                }
                try await states.wait { $0.contains { isDisconnected($0) } }
                #expect(ContinuousClock.now - silent < configuration.waitTimeout)
                let results = await publishes.asyncMap { await $0.result }
                // Publishes that were sent to the silent broker have failed: a whole window of small messages, or as
                // many large ones as the sockets buffered. The others were sent on the next connection.
                let failures = results.count { (try? $0.get()) == nil }
                #expect(size == 10 ? failures == 8 : (1...8).contains(failures))
                try await publisher.publish(message(200, to: "work"))
                await publisher.drain()
            }
        }
    }
}

private func isDisconnected(_ state: ConnectionState) -> Bool {
    if case .disconnected = state { true } else { false }
}

/// 64 publishers that repeat each number until it is confirmed.
@EventLoop
private func publishForEver(by publisher: AMQPPublisher, until end: Int, into confirmed: Journal<Int>) async {
    var next = 0
    let workers = (0..<64).map { _ in
        Task.immediate { @EventLoop in
            while next < end {
                let number = next
                next += 1
                while true {
                    do throws(PublishError) {
                        try await publisher.publish(message(number, to: "work"))
                        break
                    } catch {
                        #expect(error == .disconnected)
                    }
                }
                confirmed.record(number)
            }
        }
    }
    for worker in workers { await worker.value }
}
