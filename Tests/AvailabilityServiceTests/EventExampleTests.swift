import AMQPTesting
import AvailabilityService
import EventLoop
import PostgresTesting
import RedisTesting
import ServiceTesting
import Testing

@Suite("The examples of the events that Availability hears")
struct EventExampleTests {
    @Test("are handled as they lie there, one for each subscription, and none is parked")
    func replay() async throws {
        try await TestDatabase.with { database in
            try await TestBroker.withVhost { broker in
                try await TestRedis.with { redis in
                    let service = try await Suite.startAvailability(database, broker, redis)
                    try await service.replayExamples(over: broker)
                    try await service.stop()
                }
            }
        }
    }
}
