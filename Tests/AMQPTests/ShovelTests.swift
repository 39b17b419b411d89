import AMQP
import AMQPTesting
import Testing

extension BrokerTests {
    @Suite("Inspecting a queue")
    struct ShovelTests {
        private let topology = Topology(queues: [.work("parked", deliveryLimit: 100), .work()])

        @Test("shows its first messages and leaves them in order")
        func peek() async throws {
            try await TestBroker.withVhost { broker in
                try await park(5, on: broker)
                let shovel = AMQPShovel(try broker.configuration())
                #expect(try await shovel.peek("parked", limit: 3).map(\.number) == [0, 1, 2])
                #expect(try await shovel.peek("parked", limit: 100).map(\.number) == [0, 1, 2, 3, 4])
                #expect(try await shovel.peek("work", limit: 1).isEmpty)
                let error = await #expect(throws: ConnectionError.self) {
                    try await shovel.peek("no-such-queue", limit: 1)
                }
                guard case .closedByBroker(404, _) = error else {
                    Issue.record("404 expected, not \(String(describing: error))")
                    return
                }
            }
        }

        @Test("moves the selected messages and leaves the others")
        func move() async throws {
            try await TestBroker.withVhost { broker in
                try await park(6, on: broker)
                let shovel = AMQPShovel(try broker.configuration())
                let moved = try await shovel.move(from: "parked", limit: 100) { parked in
                    guard let number = parked.number, number.isMultiple(of: 2) else { return nil }
                    return message(number, to: "work")
                }
                #expect(moved == 3)
                #expect(try await consumed(3, from: "work", on: broker).map(\.number) == [0, 2, 4])
                #expect(try await shovel.peek("parked", limit: 100).map(\.number) == [1, 3, 5])
            }
        }

        @Test("discards the selected messages and no others")
        func discard() async throws {
            try await TestBroker.withVhost { broker in
                try await park(4, on: broker)
                let shovel = AMQPShovel(try broker.configuration())
                #expect(try await shovel.discard(from: "parked", limit: 3) { $0.number != 1 } == 2)
                #expect(try await shovel.peek("parked", limit: 100).map(\.number) == [1, 3])
                #expect(try await shovel.discard(from: "parked", limit: 100) { $0.number == 7 } == 0)
            }
        }

        @Test("loses nothing if no queue matches the target")
        func unroutable() async throws {
            try await TestBroker.withVhost { broker in
                try await park(2, on: broker)
                let shovel = AMQPShovel(try broker.configuration())
                await #expect(throws: PublishError.unroutable) {
                    try await shovel.move(from: "parked", limit: 100) { _ in message(1, to: "nowhere") }
                }
                #expect(try await shovel.peek("parked", limit: 100).map(\.number) == [0, 1])
            }
        }

        private func park(_ count: Int, on broker: TestBroker) async throws {
            let publisher = try await broker.publisher(declaring: topology)
            await publishInOrder(0..<count, to: ["parked"], by: publisher)
            await publisher.drain()
        }
    }
}
