import Testing

/// All tests on the real broker, one after the other: some of them stop it for a while.
@Suite("RabbitMQ", .serialized)
struct BrokerTests {}
