import GuichetProtocol
import Postgres
import ServiceTesting
import Testing

@testable import QueueService

@Suite("The statements of Queue")
struct StatementTests {
    @Test("can be planned by PostgreSQL, each of them")
    func planning() async throws {
        try await QueueFixture.with { room in
            let refusals = try await room.service.refusals(of: QueueQueries.samples, in: QueueFixture.tenant.slug)
            #expect(refusals == [])
        }
    }
}
