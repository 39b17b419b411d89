import Authentication
import GuichetProtocol
import Primitives
import Testing

@testable import AvailabilityService

@Suite("Shares of those who wait for their appointment")
struct WaitingSharesTests {
    @Test("a network that waits with many requests leaves places to others")
    func networks() throws {
        var shares = WaitingShares()
        for number in 1...2 {
            // Together they take half the places of the public.
            #expect(try places(for: network("192.0.2.\(number)"), in: &shares) == WaitingShares.clientLimit)
        }
        let other = try network("198.51.100.1")
        #expect(places(for: other, in: &shares) == WaitingShares.busyClientLimit)
        shares.leave(other)
        #expect(places(for: other, in: &shares) == 1)
    }

    @Test("an IPv6 network of 64 bits has one share, whichever of its addresses is used")
    func addresses() throws {
        var shares = WaitingShares()
        #expect(try places(for: network("2001:db8::1"), in: &shares) == WaitingShares.clientLimit)
        #expect(try places(for: network("2001:db8::ffff"), in: &shares) == 0)
        #expect(try places(for: network("2001:db8:0:1::1"), in: &shares) == WaitingShares.clientLimit)
    }

    @Test("the public never takes the places of users, and all together query no more often when more of them wait")
    func kinds() throws {
        var (shares, count) = (WaitingShares(), 0)
        #expect(shares.pause == .milliseconds(20))
        for number in 0..<1000 {
            count += try places(for: network("10.0.\(number / 256).\(number % 256)"), in: &shares)
        }
        #expect(count == WaitingShares.kindLimit)
        for _ in 0..<1000 { count += places(for: .user(.new()), in: &shares) }
        #expect(count == 2 * WaitingShares.kindLimit)
        #expect(shares.pause == .milliseconds(160))
    }

    /// Enters until the client is refused. Returns how often it was admitted.
    private func places(for client: WaitingShares.Client, in shares: inout WaitingShares) -> Int {
        var count = 0
        while shares.enter(client) { count += 1 }
        return count
    }

    private func network(_ text: String) throws -> WaitingShares.Client {
        .network(try #require(ClientAddress(text)).subscriber)
    }
}
