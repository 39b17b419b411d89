import Testing

@testable import Messaging

@Suite("Waiting for what is not there")
struct PatienceTests {
    @Test("each is waited for once, and again after it was there")
    func once() async throws {
        let patience = Patience<String>(limit: .milliseconds(50))
        #expect(patience.lasts(for: "a"))
        try await Task.sleep(for: .milliseconds(60))
        #expect(!patience.lasts(for: "a"))
        #expect(patience.lasts(for: "b"))
        patience.ends(for: "a")
        #expect(patience.lasts(for: "a"))
    }

    @Test("what is known to be away is tried now and then")
    func tries() async throws {
        let patience = Patience<String>(limit: .milliseconds(20), pause: .milliseconds(100))
        #expect(patience.isWorthTrying("a"))
        #expect(patience.lasts(for: "a"))
        #expect(patience.isWorthTrying("a"))
        try await Task.sleep(for: .milliseconds(150))
        #expect(patience.isWorthTrying("a"))
        #expect(!patience.isWorthTrying("a"))
        patience.ends(for: "a")
        #expect(patience.isWorthTrying("a"))
    }

    @Test("not more are waited for than can be remembered")
    func bounded() {
        let patience = Patience<Int>(limit: .seconds(60))
        for number in 0..<Patience<Int>.most { #expect(patience.lasts(for: number)) }
        #expect(!patience.lasts(for: -1))
        #expect(patience.lasts(for: 7))
    }
}
