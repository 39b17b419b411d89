import AMQPTesting
import EventLoop
import IdentityService
import PostgresTesting
import ServiceTesting
import Testing

@Suite("The examples of the events that Identity hears")
struct EventExampleTests {
    @Test("are handled as they lie there, one for each subscription, and none is parked")
    func replay() async throws {
        try await TestDatabase.with { database in
            try await TestBroker.withVhost { broker in
                let service = try await RunningService<IdentityService>.start(database, broker)
                try await service.replayExamples(over: broker)
                try await service.stop()
            }
        }
    }
}
