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

    @Test("changes are found to the half hour, also by half an hour, late in the day and twice within weeks")
    func changes() async throws {
        try await TestDatabase.with { database in
            try await Self.withStore(database) { data in
                let zones = ZoneTable()
                for zone in ["Australia/Lord_Howe", "Africa/Casablanca", "America/Nuuk", "Africa/Cairo"] {
                    let offsets = try await zones.offsets(of: zone, from: data)
                    #expect(offsets.changes.count >= 6, "\(zone)")
                    for change in offsets.changes {
                        for (instant, expected) in [
                            (change.instant, change.secondsEast),
                            (change.instant - .seconds(1), offsets.secondsEast(at: change.instant - .seconds(1))),
                        ] {
                            let row = try await data.query(
                                """
                                SELECT extract(epoch FROM (\(instant)::timestamptz AT TIME ZONE \(zone))
                                    - (\(instant)::timestamptz AT TIME ZONE 'UTC'))::int AS east
                                """)[0]
                            #expect(try row.get("east", as: Int.self) == expected, "\(zone) at \(instant)")
                        }
                    }
                }
            }
        }
    }

    @Test("callers that ask for a zone at the same time share one statement")
    func shared() async throws {
        try await TestDatabase.with { database in
            try await Self.withServers(database) { servers in
                let (zones, data) = (ZoneTable(), SchemaStore(Schema(service: "tests"), servers.home))
                let callers = (0..<16).map { _ in
                    EventLoop.start { try await zones.offsets(of: "Europe/Paris", from: data) }
                }
                var answers: Set<ZoneOffsets> = []
                for caller in callers { answers.insert(try await caller.value) }
                #expect(answers.count == 1)
                // Each statement at a time needs a session of its own.
                #expect(servers.home.primary.statistics.open == 1)
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
        try await withServers(database) { servers in
            try await body(SchemaStore(Schema(service: "tests"), servers.home))
        }
    }

    @EventLoop private static func withServers(
        _ database: TestDatabase, _ body: @EventLoop (DatabaseServers) async throws -> Void
    ) async throws {
        let servers = DatabaseServers([.init(name: "server0", primary: database.configuration)])
        defer { servers.close() }
        try await body(servers)
    }
}
