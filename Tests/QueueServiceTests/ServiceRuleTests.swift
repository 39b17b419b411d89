import QueueService
import ServiceTesting
import Testing

@Suite("Queue, as every service")
struct ServiceRuleTests {
    @Test("keeps the rule", arguments: ServiceRule.allCases)
    func rule(_ rule: ServiceRule) async throws { try await rule.check(QueueService.self) }

    @Test("has documents that are current")
    func documents() async throws { try await APIDocuments.check(QueueService.self) }
}
