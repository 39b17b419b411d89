import AMQP
import EventLoop

extension AMQPConsumer {
    /// A consumer whose handler decides about one delivery at a time.
    convenience init(
        _ configuration: AMQPConfiguration, declaring topology: Topology, consuming queues: [QueueConsumption],
        observer: AMQPObserver = AMQPObserver(),
        oneByOne handler: @escaping @EventLoop @Sendable (Delivery) async -> Verdict
    ) {
        self.init(configuration, declaring: topology, consuming: queues, observer: observer) { deliveries in
            var verdicts: [Verdict] = []
            for delivery in deliveries { verdicts.append(await handler(delivery)) }
            return verdicts
        }
    }
}
