import EventLoop
import Postgres
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import AvailabilityService

@Suite("The statements of Availability")
struct StatementTests {
    @Test("can be planned by PostgreSQL, each of them")
    func planning() async throws {
        try await Suite.with { suite in
            let (tenant, registry) = (try AvailabilityQueries.ofTenant(), AvailabilityQueries.ofRegistry)
            #expect(tenant.count > 40 && registry.count > 3)
            for statement in tenant { try await suite.data.query("EXPLAIN \(statement)") }
            let service = suite.availability.host.service
            for statement in registry { try await service.context.registry.query("EXPLAIN \(statement)") }
        }
    }

    @Test("are refused where they are wrong")
    func refusal() async throws {
        try await Suite.with { suite in
            let wrong: SQL = "SELECT colour FROM days"
            await #expect(throws: PostgresError.self) { try await suite.data.query("EXPLAIN \(wrong)") }
        }
    }
}
