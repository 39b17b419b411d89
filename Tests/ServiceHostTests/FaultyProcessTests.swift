import AMQPTesting
import EventLoop
import GuichetProtocol
import Postgres
import PostgresTesting
import Primitives
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@Suite("A process that is frozen, or whose clock is wrong")
struct FaultyProcessTests {
    private static let tenant = ServiceHostTests.tenant

    @Test("keeps no outbox: another process publishes its events within two seconds")
    func frozenRelay() async throws {
        try await RunningService<ProbeService>.with([Self.tenant]) { service in
            let data = try await ServiceHostTests.data(of: service)
            let lock = AdvisoryLock("relay", in: data.schema)
            await #expect(throws: PostgresError.self) {
                // As a process that was frozen while it waited for the broker.
                try await data.withSession { frozen in
                    while try await !frozen.query(lock.acquire)[0].get("locked") {}
                    let begin = ContinuousClock.now
                    for _ in 0..<10 { try await ServiceHostTests.confirm(.new(), 1, by: service) }
                    try await service.wait { _ in
                        try await data.query("SELECT FROM outbox WHERE published_at IS NULL").isEmpty
                    }
                    let seconds = (ContinuousClock.now - begin) / .seconds(1)
                    #expect((0.9...4).contains(seconds), "\(seconds) s; two on a machine that is not busy")
                    _ = try await frozen.query("SELECT 1")
                }
            }
        }
    }

    @Test(
        "a process whose clock is wrong reads the time of the database, and takes no requests beside one that is right")
    func clocks() async throws {
        try await TestDatabase.with { database in
            try await TestBroker.withVhost { broker in
                let machine = WallClock { .now + .seconds(-90) }
                let wrong = try await RunningService<ProbeService>.start(database, broker, clock: nil, machine: machine)
                let time = await wrong.host.platform.clock.now
                #expect(abs((time - .now) / .seconds(1)) < 10)
                try await wrong.announce([Self.tenant])
                // Alone it serves, and says so.
                #expect(try await wrong.call("GET", "/readyz").status == 200)
                #expect(
                    try await wrong.call("GET", "/metrics").text.contains(
                        #/guichet_clock_deviation_seconds{server="main"} -(8|9)\d/#))
                let right = try await RunningService<ProbeService>.start(database, broker, ["GUICHET_INSTANCE": "2"])
                try await wrong.wait {
                    try await $0.call("GET", "/readyz").text.contains(#"obstacles":["clock"]"#)
                }
                #expect(try await right.call("GET", "/readyz").status == 200)
                try await right.stop()
                try await wrong.stop()
            }
        }
    }
}
