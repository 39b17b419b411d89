import EventLoop
import FoundationEssentials
import Testing

@testable import Authentication

@Suite("The cache of verified tokens")
struct TokenCacheTests {
    @Test("never holds more than its limit, and keeps what is in use")
    func bounded() throws {
        let claims = try JSONDecoder().decode(AccessToken.Claims.self, from: Data(TokenFixture().claims().utf8))
        var cache = TokenCache(limit: 10)
        for index in UInt8(0)..<200 {
            cache.insert(claims, for: [index])
            #expect(cache.count <= 10)
            #expect(cache[[0]] != nil, "used every time, it stays")
        }
        #expect(cache[[1]] == nil)
        #expect(cache[[199]] != nil)
        cache.removeAll()
        #expect(cache[[199]] == nil)
        #expect(cache.count == 0)
    }
}
