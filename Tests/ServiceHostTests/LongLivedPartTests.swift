import AMQPTesting
import EventLoop
import PostgresTesting
import Runtime
import ServiceHost
import ServiceTesting
import Testing

@Suite("Long-lived parts of a service")
struct LongLivedPartTests {
    @Test("parts start in order before HTTP is served, and end in reverse order after the last answer")
    func order() async throws {
        try await TestDatabase.with { database in
            try await TestBroker.withVhost { broker in
                let service = try await RunningService<PartService>.start(database, broker)
                let diary = await service.host.service.diary
                #expect(await diary.lines == ["first starts", "second starts"])
                async let answer = service.call("GET", "/api/parted")
                try await service.wait { $0.host.service.diary.lines.contains("request") }
                async let stopped: Void = service.stop()
                // A new connection is refused once the drain of HTTP has begun; the parts still run then.
                try await service.wait { service in
                    (try? await service.call("GET", "/healthz")) == nil  // Refused: what is waited for.
                }
                #expect(await diary.lines == ["first starts", "second starts", "request"])
                await diary.mayAnswer.request()
                #expect(try await answer.status == 200)
                try await stopped
                #expect(
                    await diary.lines == [
                        "first starts", "second starts", "request", "answer", "second ends", "first ends",
                    ])
            }
        }
    }

    @Test("the HTTP server has the limits that the service states")
    func limits() async throws {
        try await RunningService<PartService>.with { service in
            let headers = Dictionary(uniqueKeysWithValues: (1...21).map { ("X-Field-\($0)", "x") })
            let answer = try await service.call("GET", "/healthz", headers: headers)
            #expect(answer.status == 431)
        }
    }
}
