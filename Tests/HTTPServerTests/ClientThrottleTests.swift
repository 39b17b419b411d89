import Authentication
import EventLoop
import HTTPServer
import Testing

@Suite("Attempts of a client")
struct ClientThrottleTests {
    @Test("one IPv6 network of 64 bits has the attempts of one client")
    @EventLoop
    func network() throws {
        let throttle = ClientThrottle(attemptsPerMinute: 3)
        for host in 1...3 { try throttle.admit(#require(ClientAddress("2001:db8::\(host)"))) }
        #expect(throws: Problem.self) { try throttle.admit(#require(ClientAddress("2001:db8::4"))) }
        try throttle.admit(#require(ClientAddress("2001:db8:0:1::4")))
    }

    @Test("many addresses do not reset the count of another client")
    @EventLoop
    func manyAddresses() throws {
        let throttle = ClientThrottle(attemptsPerMinute: 3)
        let client = try #require(ClientAddress("192.0.2.7"))
        for _ in 1...3 { try throttle.admit(client) }
        for number in 0..<60_000 {
            // Beyond 50,000 clients counters are shared, so some of these are refused.
            _ = try? throttle.admit(#require(ClientAddress("10.1.\(number / 256).\(number % 256)")))
        }
        #expect(throws: Problem.self) { try throttle.admit(client) }
    }
}
