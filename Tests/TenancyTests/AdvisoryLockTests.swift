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
        try await TestDatabase.with { database in
            let servers = await DatabaseServers([.init(name: "main", primary: database.configuration)])
            try await EventLoop.run {
                defer { servers.close() }
                let directory = TenantDirectory(service: "tests", servers: servers, registry: [], tenants: [])
                try await directory.open()
                let registry = directory.registry
                let inner = try await registry.exclusively("closure") { _ in
                    #expect(try await registry.exclusively("report") { _ in 1 } == 1)
                    return try await registry.exclusively("closure") { _ in 2 }
                }
                #expect(inner == .some(nil))
                await #expect(throws: CancellationError.self) {
                    try await registry.exclusively("closure") { _ in throw CancellationError() }
                }
                await #expect(throws: (any Error).self) {
                    try await registry.exclusively("closure") {
                        _ = try await $0.query("SELECT pg_terminate_backend(pg_backend_pid())")
                    }
                }
                #expect(try await registry.exclusively("closure") { _ in 3 } == 3)
            }
        }
    }
}
