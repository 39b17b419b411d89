import GuichetProtocol
import Postgres
import ServiceHost
import ServiceTesting
import Tenancy
import Testing

@testable import RealtimeService

@Suite("The statements of Realtime")
struct StatementTests {
    @Test("can be planned by PostgreSQL, each of them")
    func planning() async throws {
        try await Suite.with { suite in
            let data = try await suite.realtime.host.platform.directory.store(for: Suite.tenant.slug).data
            for statement in RealtimeQueries.ofTenant { try await data.query("EXPLAIN \(statement)") }
        }
    }
}
