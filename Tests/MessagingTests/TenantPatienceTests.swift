import Primitives
import Testing

@testable import Messaging

@Suite("Waiting for a tenant")
struct TenantPatienceTests {
    @Test("each tenant is waited for once, and again after it was ready")
    func once() async throws {
        let patience = TenantPatience(limit: .milliseconds(50))
        #expect(patience.lasts(for: "a"))
        try await Task.sleep(for: .milliseconds(60))
        #expect(!patience.lasts(for: "a"))
        #expect(patience.lasts(for: "b"))
        patience.ends(for: "a")
        #expect(patience.lasts(for: "a"))
    }

    @Test("not more tenants are waited for than can be remembered")
    func bounded() throws {
        let patience = TenantPatience(limit: .seconds(60))
        for number in 0..<TenantPatience.mostTenants {
            #expect(patience.lasts(for: try #require(TenantSlug("t-\(number)"))))
        }
        #expect(!patience.lasts(for: "one-more"))
        #expect(patience.lasts(for: "t-7"))
    }
}
