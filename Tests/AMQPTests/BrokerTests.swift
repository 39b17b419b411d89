import Testing

/// All tests on the real broker, one after the other: some of them measure how long it takes.
@Suite("RabbitMQ", .serialized)
struct BrokerTests {}
