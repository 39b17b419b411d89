import RealtimeService
import ServiceTesting
import Testing

@Suite("Realtime, as every service")
struct ServiceRuleTests {
    @Test("keeps the rule", arguments: ServiceRule.allCases)
    func rule(_ rule: ServiceRule) async throws { try await rule.check(RealtimeService.self) }

    @Test("has documents that are current")
    func documents() async throws { try await APIDocuments.check(RealtimeService.self) }
}
