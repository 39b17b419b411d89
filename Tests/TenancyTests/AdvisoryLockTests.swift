import EventLoop
import Postgres
import PostgresTesting
import Primitives
import Testing

@testable import Tenancy

@Suite("Work that must not run twice at once")
struct AdvisoryLockTests {
    @Test("is refused while another session has it, and free again when it ended, failed or lost its session")
    func exclusion() async throws {
        try await Self.withRegistries { registry, _ in
            let inner = try await registry.exclusively("closure") {
                #expect(try await registry.exclusively("report") { 1 } == 1)
                return try await registry.exclusively("closure") { 2 }
            }
            #expect(inner == .some(nil))
            await #expect(throws: CancellationError.self) {
                try await registry.exclusively("closure") { throw CancellationError() }
            }
            await #expect(throws: (any Error).self) {
                try await registry.exclusively("closure") {
                    // Other tests hold locks in databases of their own on the same server.
                    try await registry.query(
                        """
                        SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
                        WHERE locktype = 'advisory' AND granted AND datname = current_database()
                        """)
                }
            }
            #expect(try await registry.exclusively("closure") { 3 } == 3)
        }
    }

    @Test("stays with a process that works for longer than a holder may be silent")
    func longWork() async throws {
        try await Self.withRegistries { first, second in
            // On a busy machine the holder itself may be stopped for longer than it may be silent, but not each time.
            var isKept = false
            for _ in 0..<10 where !isKept { isKept = await Self.keepsLock(first, from: second) }
            #expect(isKept)
            let afterwards = try await second.exclusively("closure") { 2 }
            #expect(afterwards == 2)
        }
    }

    /// Whether a process works under the lock for longer than it may be silent, and the other never gets the lock.
    private static func keepsLock(_ holder: SchemaStore, from other: SchemaStore) async -> Bool {
        do {
            return try await holder.exclusively("closure") {
                let end = ContinuousClock.now + AdvisoryLock.patience * 2.5
                while ContinuousClock.now < end {
                    if try await other.exclusively("closure", { 1 }) != nil { return false }
                    try await EventLoop.sleep(for: .milliseconds(50))
                }
                return true
            } ?? false
        } catch {
            return false
        }
    }

    @Test("passes to another process when its holder is frozen, which loses its session")
    func frozenHolder() async throws {
        try await Self.withRegistries { first, second in
            let lock = AdvisoryLock("closure", in: first.schema)
            let begin = ContinuousClock.now
            await #expect(throws: PostgresError.self) {
                // A process that is frozen here sends no statement.
                try await first.withSession { frozen in
                    #expect(try await frozen.query(lock.acquire)[0].get("locked"))
                    while try await second.exclusively("closure", { 1 }) == nil {
                        try #require(ContinuousClock.now < begin + .seconds(20))
                        try await EventLoop.sleep(for: .milliseconds(50))
                    }
                    #expect(ContinuousClock.now - begin >= AdvisoryLock.patience)
                    _ = try await frozen.query("SELECT 1")
                }
            }
        }
    }

    /// The same schema as two processes see it.
    private static func withRegistries(_ body: @EventLoop (SchemaStore, SchemaStore) async throws -> Void) async throws
    {
        try await TestDatabase.with { database in
            try await EventLoop.run {
                let processes = (0..<2).map { _ in
                    DatabaseServers([.init(name: "main", primary: database.configuration)])
                }
                defer { for servers in processes { servers.close() } }
                let directories = processes.map {
                    TenantDirectory(service: "tests", servers: $0, registry: [], tenants: [])
                }
                for directory in directories { try await directory.open() }
                try await body(directories[0].registry, directories[1].registry)
            }
        }
    }
}
