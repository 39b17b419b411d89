import AMQP
import AMQPTesting
import EventLoop
import Testing

extension BrokerTests {
    @Suite("TLS")
    struct TLSTests {
        @Test("messages of all sizes come and go by amqps, and again after the connection was lost")
        func comesAndGoes() async throws {
            try await TestBroker.withVhost { broker in
                let configuration = try broker.tlsConfiguration()
                let states = Journal<ConnectionState>()
                let publisher = AMQPPublisher(
                    configuration, declaring: Topology(queues: [.work()]),
                    observer: AMQPObserver(stateChanged: { states.record($0) }))
                try await states.wait { $0.contains(.connected) }
                let seen = Journal<Delivery>()
                let consumer = AMQPConsumer(
                    configuration, declaring: Topology(queues: [.work()]),
                    consuming: [QueueConsumption(queue: "work", prefetch: 64)]
                ) { (deliveries: [Delivery]) async -> [Verdict] in
                    for delivery in deliveries { seen.record(delivery) }
                    return deliveries.map { _ in .ack }
                }
                // A TLS record holds 16 KiB: bodies of less, of exactly that, and of many.
                let sizes = [0, 1, 16_000, 16_384, 16_385, 131_072, 1_000_000]
                for (number, size) in sizes.enumerated() {
                    try await publisher.publish(
                        OutgoingMessage(
                            exchange: "", routingKey: "work", body: [UInt8](repeating: UInt8(number), count: size),
                            contentType: "application/octet-stream", messageID: "\(number)"))
                }
                try await seen.wait { $0.count == sizes.count }
                #expect(await seen.entries.map(\.body.count) == sizes)
                #expect(await seen.entries.allSatisfy { Set($0.body).count <= 1 })

                try await broker.close(try await broker.connections(named: "tls"))
                let ends = await publishAll(0..<2000, to: "work", by: publisher)
                let confirmed = Set(ends.filter { $0.value == nil }.keys)
                #expect(confirmed.count > 1000)
                try await seen.wait { Set($0.dropFirst(sizes.count).compactMap(\.number)).isSuperset(of: confirmed) }
                await publisher.drain()
                await consumer.drain()
            }
        }

        @Test("a broker with an untrusted certificate, or one for another name, is refused")
        func distrusts() async throws {
            try await TestBroker.withVhost { broker in
                for configuration in [
                    try broker.tlsConfiguration(trusting: "/etc/ssl/certs/ca-certificates.crt"),
                    try broker.tlsConfiguration(host: "127.0.0.2"),
                ] {
                    let states = Journal<ConnectionState>()
                    let publisher = AMQPPublisher(
                        configuration, declaring: Topology(queues: [.work()]),
                        observer: AMQPObserver(stateChanged: { states.record($0) }))
                    try await states.wait { $0.contains { if case .disconnected = $0 { true } else { false } } }
                    #expect(await !states.entries.contains(.connected))
                    await publisher.drain()
                }
            }
        }
    }
}
