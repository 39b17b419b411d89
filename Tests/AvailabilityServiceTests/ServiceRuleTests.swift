import AvailabilityService
import RedisTesting
import ServiceTesting
import Testing

@Suite("Availability, as every service")
struct ServiceRuleTests {
    @Test("keeps the rule", arguments: ServiceRule.allCases)
    func rule(_ rule: ServiceRule) async throws {
        try await TestRedis.with { redis in
            try await rule.check(AvailabilityService.self, environment: ["GUICHET_REDIS_URL": redis.url])
        }
    }

    @Test("has documents that are current")
    func documents() async throws { try await APIDocuments.check(AvailabilityService.self) }
}
