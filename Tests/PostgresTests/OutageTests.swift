import EventLoop
import Glibc
import Postgres
import PostgresTesting
import Testing

@Suite("What PostgreSQL refuses because something is missing")
struct OutageTests {
    /// Errors of the server or its operating system, with what PL/pgSQL calls their SQLSTATE.
    @Test(
        "is an outage, not a fault of the statement",
        arguments: [
            "53000", "53100", "53200", "53400", "57P04", "57P05", "58000", "58030", "58P01", "58P02", "25006", "08006",
        ])
    func outages(sqlState: String) async throws {
        try await Self.expect(.unavailable, from: "DO $$ BEGIN RAISE SQLSTATE '\(sqlState)'; END $$")
    }

    @Test(
        "and other errors are none",
        arguments: ["22012", "42501", "42P01", "55000", "XX000", "P0001"])
    func faults(sqlState: String) async throws {
        try await Self.expect(.other, from: "DO $$ BEGIN RAISE SQLSTATE '\(sqlState)'; END $$")
    }

    @Test(
        "a disk that is full refuses what needs more of it, and nothing else",
        .enabled(if: SmallDisk.isPermitted, "mounting is not permitted here"))
    func fullDisk() async throws {
        try await Self.withSmallDisk { database, disk in
            let script = "CREATE TABLE small (text text) TABLESPACE \(disk.tablespace); CREATE TABLE other ()"
            try await database.scripts.run { try $0.run(script: script) }
            try await database.withClient(poolSize: 1) { client in
                let insert: SQL = "INSERT INTO small SELECT repeat('x', 1000) FROM generate_series(1, 1000)"
                try disk.fill()
                let error = await #expect(throws: PostgresError.self) { _ = try await client.query(insert) }
                #expect(error?.code == .unavailable)
                #expect(error?.sqlState == "53100")
                _ = try await client.query("INSERT INTO other DEFAULT VALUES")
                try disk.free()
                _ = try await client.query(insert)
            }
        }
    }

    @Test(
        "a folder that the server may not write to is an outage although it is reported as a missing privilege",
        .enabled(if: SmallDisk.isPermitted, "mounting is not permitted here"))
    func unwritableFolder() async throws {
        try await Self.withSmallDisk { database, disk in
            try disk.permit(false)
            let error = await #expect(throws: PostgresError.self) {
                try await database.scripts.run {
                    try $0.run(script: "CREATE TABLE things () TABLESPACE \(disk.tablespace)")
                }
            }
            try disk.permit(true)
            #expect(error?.sqlState == "42501")
            #expect(error?.code == .unavailable)
        }
    }

    @Test("a server that takes no writes still answers reads; its sessions are replaced, so a new primary is found")
    func readOnly() async throws {
        try await TestDatabase.with { database in
            try await database.scripts.run { try $0.run(script: "CREATE TABLE things ()") }
            try await database.withClient(poolSize: 1) { client in
                let name = try await client.query("SELECT current_database() AS name")[0].get("name", as: String.self)
                try await database.scripts.run {
                    try $0.run(script: "ALTER DATABASE \(name) SET default_transaction_read_only = on")
                }
                let before = try await Self.backend(client)
                // The setting is that of new sessions.
                try await database.scripts.run { _ = try $0.query("SELECT pg_terminate_backend(\(before))") }
                while client.statistics.open > 0 { try await EventLoop.sleep(for: .milliseconds(1)) }
                let demoted = try await Self.backend(client)
                let error = await #expect(throws: PostgresError.self) {
                    _ = try await client.query("INSERT INTO things DEFAULT VALUES")
                }
                #expect(error?.code == .unavailable)
                #expect(try await Self.backend(client) != demoted)
            }
        }
    }

    private static func withSmallDisk(
        _ body: @Sendable (TestDatabase, SmallDisk) async throws -> Void
    ) async throws {
        try await SmallDisk.with { disk in
            try await TestDatabase.with { database in try await body(database, disk) }
        }
    }

    private static func backend(_ client: PostgresClient) async throws -> Int {
        try await client.query("SELECT pg_backend_pid() AS pid")[0].get("pid")
    }

    private static func expect(_ code: PostgresError.Code, from statement: String) async throws {
        try await TestDatabase.with { database in
            let error = await #expect(throws: PostgresError.self) {
                try await database.scripts.run { try $0.run(script: statement) }
            }
            #expect(error?.code == code)
        }
    }
}
