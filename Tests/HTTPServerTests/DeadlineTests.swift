import EventLoop
import FoundationEssentials
import HTTPTesting
import Primitives
import Runtime
import Testing

@testable import HTTPServer

@Suite("The deadline of a request")
struct DeadlineTests {
    @Test("counts from the moment at which the gateway took it in, whatever the clock of the gateway says")
    func deadline() async throws {
        for error in [Int64(-90_000), 0, 90_000] {
            try await TestServer.run { client, _ in
                func left(_ age: Int64?) async throws -> Double {
                    let stamp = age.map { "t=\(Instant.now.microseconds / 1000 + error - $0)" }
                    let headers = stamp.map { ["X-Request-Start": $0] } ?? [:]
                    let answer = try #require(await client.request("GET", "/deadline", headers: headers))
                    return try #require(
                        JSONDecoder().decode([String: Double].self, from: Data(answer.body.utf8))["left"])
                }
                // The first one, as a health check does, shows how much the clocks differ.
                let cases: [(Int64?, Double)] = [
                    (0, 10_000), (7000, 3000), (30_000, -20_000), (0, 10_000), (nil, 10_000),
                ]
                for (age, expected) in cases {
                    let left = try await left(age)
                    #expect((expected - 900...expected + 500).contains(left), "after \(age ?? 0) ms")
                }
            }
        }
    }

    @Test("a gateway whose clock is set back is understood after a minute")
    func setBack() {
        var clock = GatewayClock()
        let start = ContinuousClock.now
        func age(_ stamp: Int, after seconds: Int) -> Duration {
            clock.age("t=\(stamp * 1000)", at: start + .seconds(seconds))
        }
        #expect(age(1000, after: 0) == .zero)
        #expect(age(1010, after: 10) == .zero)
        #expect(age(960, after: 20) == .seconds(60))
        for seconds in stride(from: 21, through: 90, by: 1) { _ = age(940 + seconds, after: seconds) }
        #expect(age(1031, after: 91) == .zero)
        #expect(age(1025, after: 95) == .seconds(10))
        #expect(clock.age(nil, at: start) == .zero)
        #expect(clock.age("t=x", at: start) == .zero)
    }

    @Test("a request whose client has left is not served")
    func abandoned() async throws {
        try await TestServer.run { client, test in
            await EventLoop.run {
                // On the loop: the server comes to the request when the client is gone.
                _ = RawClient(port: test.port).send("GET /held/x HTTP/1.1\r\nHost: test\r\n\r\n")
            }
            #expect(await client.request("GET", "/hello")?.status == 200)
            #expect(await test.mostHeldAtOnce == 0)
        }
    }
}
