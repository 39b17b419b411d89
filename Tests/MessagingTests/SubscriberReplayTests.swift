import AMQP
import AMQPTesting
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Tenancy
import Testing

@testable import Messaging

@Suite("Replays to subscribers")
struct SubscriberReplayTests {
    private static let queue = "sub.cabinet-1.portail.events"
    private static let types = [AppointmentHeld.name.type, AppointmentConfirmed.name.type]

    @Test("bring the events of these types since an instant to one queue, in their order, and name the replay")
    func replay() async throws {
        try await FactBench.with(.newestState) { bench in
            let booking = try await Publisher(on: bench)
            for version in 1...6 { try await booking.record("a", version) }
            try await booking.loseAll()
            try await booking.data.query("UPDATE outbox SET created_at = now() - interval '1 hour' WHERE version <= 2")
            let heard = Journal<Delivery>()
            let subscriber = try await subscribe(to: bench, heard)
            try await request("first", since: .now - .seconds(600), bench)
            try await heard.wait { $0.count >= 3 }
            // Booking has heard the second request only after it has carried out the first.
            try await request("second", since: .now - .seconds(7200), bench)
            try await heard.wait { $0.count >= 7 }
            let versions = heard.entries.map { $0.headers["cloudEvents_sequence"].flatMap(Int.init) }
            #expect(versions == [3, 4, 6, 1, 3, 4, 6])
            #expect(
                heard.entries.map { $0.headers[EventRouting.replayHeader] }
                    == ["first", "first", "first", "second", "second", "second", "second"])
            #expect(heard.entries.allSatisfy { $0.userID == bench.broker.account })
            try await bench.wait { try await booking.registry.query("SELECT FROM subscriber_replays").isEmpty }
            await subscriber.drain()
            await booking.stop()
        }
    }

    @Test("end when the queue is gone")
    func gone() async throws {
        try await FactBench.with(.newestState) { bench in
            let booking = try await Publisher(on: bench)
            try await booking.record("a", 1)
            try await booking.loseAll()
            // Another queue at the same exchange.
            let heard = Journal<Delivery>()
            let subscriber = try await subscribe(to: bench, heard, queue: "sub.cabinet-1.other.events")
            try await request("first", since: .now - .seconds(600), bench)
            try await bench.wait {
                let handled = try await booking.registry.query(
                    "SELECT FROM inbox WHERE aggregate = 'subscriber-replay/first'")
                let open = try await booking.registry.query("SELECT FROM subscriber_replays")
                return !handled.isEmpty && open.isEmpty
            }
            #expect(heard.entries.isEmpty)
            await subscriber.drain()
            await booking.stop()
        }
    }

    private func subscribe(
        to bench: FactBench, _ heard: Journal<Delivery>, queue: String = queue
    ) async throws -> AMQPConsumer {
        let topology = Topology(
            exchanges: [Exchange(EventRouting.parking, .direct)],
            queues: [Queue(queue, .quorum(deliveryLimit: 10))],
            bindings: [Binding(queue: queue, to: EventRouting.parking, routingKey: queue)])
        let states = Journal<ConnectionState>()
        let consumer = AMQPConsumer(
            try bench.broker.configuration(named: "subscriber"), declaring: topology,
            consuming: [QueueConsumption(queue: queue, prefetch: 32)],
            observer: AMQPObserver(stateChanged: { states.record($0) })
        ) { deliveries in
            for delivery in deliveries { heard.record(delivery) }
            return deliveries.map { _ in .ack }
        }
        try await states.wait { $0.contains(.connected) }
        return consumer
    }

    private func request(_ id: String, since: Instant, _ bench: FactBench) async throws {
        try await bench.directory.registry.query(
            Outbox.record(
                SubscriberReplayRequested(queue: Self.queue, types: Self.types, from: since), of: id, version: 1,
                tenant: FactBench.tenant.slug, at: .now))
        await bench.relay()
    }
}
