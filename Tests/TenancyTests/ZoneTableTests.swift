import EventLoop
import Postgres
import PostgresTesting
import Primitives
import Testing

@testable import Tenancy

@Suite("Time zones from PostgreSQL")
struct ZoneTableTests {
    @Test("a zone without summer time is one offset, others change when their clocks do")
    func offsets() async throws {
        try await TestDatabase.with { database in
            try await Self.withStore(database) { data in
                let zones = ZoneTable()
                let algiers = try await zones.offsets(of: "Africa/Algiers", from: data)
                #expect(algiers.initial == 3600)
                #expect(algiers.changes.isEmpty)
                let paris = try await zones.offsets(of: "Europe/Paris", from: data)
                // Twice a year, for six years.
                #expect((11...13).contains(paris.changes.count))
                #expect(Set(paris.changes.map(\.secondsEast)) == [3600, 7200])
                // 01:00 UTC on a Sunday of March or October.
                #expect(paris.changes.allSatisfy { $0.instant.seconds % 86_400 == 3600 })
            }
        }
    }

    @Test("an unknown zone is refused")
    func unknown() async throws {
        try await TestDatabase.with { database in
            try await Self.withStore(database) { data in
                await #expect(throws: PostgresError.self) {
                    _ = try await ZoneTable().offsets(of: "Africa/Atlantis", from: data)
                }
            }
        }
    }

    @EventLoop private static func withStore(
        _ database: TestDatabase, _ body: @EventLoop (SchemaStore) async throws -> Void
    ) async throws {
        let servers = DatabaseServers([.init(name: "server0", primary: database.configuration)])
        defer { servers.close() }
        try await body(SchemaStore(Schema(service: "tests"), servers.home))
    }
}
