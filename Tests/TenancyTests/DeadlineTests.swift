import EventLoop
import Postgres
import PostgresTesting
import Primitives
import Runtime
import Testing

@testable import Tenancy

@Suite("Writes with a deadline")
struct DeadlineTests {
    private static let insert: SQL = "INSERT INTO processes (id) VALUES (gen_random_uuid())"

    @Test("are refused by the server beyond it, in every form, and have no effect")
    func late() async throws {
        try await Self.withStore { store, clock in
            let writes: [@EventLoop (SchemaStore) async throws -> Void] = [
                { try await $0.query(Self.insert) },
                { try await $0.batch(["SELECT 1", Self.insert]) },
                { _ = try await $0.ask(Query("\(Self.insert) RETURNING id") { $0.count }) },
                { store in
                    try await store.transaction { transaction in
                        try await transaction.query("SELECT 1")
                        transaction.later([Self.insert])
                    }
                },
            ]
            for write in writes {
                try await Self.refused {
                    try await Self.within(.init(clock.now - .milliseconds(5))) { try await write(store) }
                }
                #expect(try await Self.count(in: store) == 0)
            }
            for (number, write) in writes.enumerated() {
                try await Self.within(.init(clock.now + .seconds(30))) { try await write(store) }
                #expect(try await Self.count(in: store) == number + 1)
            }
        }
    }

    @Test("are refused when they reach it on their way")
    func overtaken() async throws {
        try await Self.withStore { store, clock in
            try await Self.refused {
                try await Self.within(.init(clock.now + .milliseconds(200))) {
                    try await store.batch([Self.insert, "SELECT pg_sleep(0.5)"])
                }
            }
            #expect(try await Self.count(in: store) == 0)
        }
    }

    @Test("do not concern what is read, nor work in the background")
    func others() async throws {
        try await Self.withStore { store, clock in
            try await Self.within(.init(clock.now - .seconds(5))) {
                #expect(try await Self.count(in: store) == 0)
                try await store.inBackground.query(Self.insert)
                #expect(try await Self.count(in: store) == 1)
            }
        }
    }

    @Test("are not sent for a client that has left")
    func abandoned() async throws {
        try await Self.withStore { store, clock in
            let deadline = RequestDeadline(clock.now + .seconds(5)) { true }
            try await Self.within(.init(clock.now + .seconds(5))) { try await store.query("SELECT 1") }
            await #expect(throws: RequestAbandoned.self) {
                try await Self.within(deadline) { try await store.query(Self.insert) }
            }
            await #expect(throws: RequestAbandoned.self) {
                try await Self.within(deadline) {
                    try await store.transaction { try await $0.query(Self.insert) }
                }
            }
            #expect(try await Self.count(in: store) == 0)
        }
    }

    @Test("are judged by the clock of the server, not of the machine")
    func wrongClock() async throws {
        for error in [Duration.seconds(-90), .seconds(90)] {
            try await Self.withStore(machine: WallClock { .now + error }) { store, clock in
                #expect(clock.deviation > error - .seconds(1) && clock.deviation < error + .seconds(1))
                try await Self.within(.init(clock.now + .seconds(30))) { try await store.query(Self.insert) }
                try await Self.refused {
                    try await Self.within(.init(clock.now - .seconds(5))) { try await store.query(Self.insert) }
                }
            }
        }
    }

    @EventLoop private static func within<Result>(
        _ deadline: RequestDeadline, _ body: @EventLoop () async throws -> Result
    ) async throws {
        try await RequestDeadline.$current.withValue(deadline) { _ = try await body() }
    }

    @EventLoop private static func refused(_ write: @EventLoop () async throws -> Void) async throws {
        do {
            try await write()
            Issue.record("a late write was committed")
        } catch let error as PostgresError {
            #expect(error.isLateCommit, "\(error.debugDescription)")
        }
    }

    @EventLoop private static func count(in store: SchemaStore) async throws -> Int {
        try await store.query("SELECT count(*) AS count FROM processes")[0].get("count")
    }

    private static func withStore(
        machine: WallClock = .system, _ body: @EventLoop (SchemaStore, ServerClock) async throws -> Void
    ) async throws {
        let table = MigrationSet(
            "processes", [Migration(1, "processes", Array("CREATE TABLE processes (id uuid)".utf8))])
        try await TestDatabase.with { database in
            try await EventLoop.run {
                let servers = DatabaseServers([.init(name: "main", primary: database.configuration)], machine: machine)
                defer { servers.close() }
                let directory = TenantDirectory(service: "tests", servers: servers, registry: [table], tenants: [])
                try await directory.open()
                try await servers.measureClocks()
                try await body(directory.registry, servers.clock)
            }
        }
    }
}
