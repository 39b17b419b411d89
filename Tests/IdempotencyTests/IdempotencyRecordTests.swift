import EventLoop
import Idempotency
import Postgres
import PostgresTesting
import Primitives
import Tenancy
import Testing

@Suite("Requests that carry a key")
struct IdempotencyRecordTests {
    private static let answer = "{\"id\":1}"

    @Test("are answered from the store when they come again")
    func replay() async throws {
        try await Self.withSchema { client, schema in
            let request = IdempotencyRecord(scope: "user route", key: "k1", fingerprint: [1, 2, 3])
            #expect(try request.answer(in: try await client.query(request.lookup, in: schema)) == nil)
            _ = try await client.batch([request.claim, request.store(body: Self.answer)], in: schema)
            #expect(try request.answer(in: try await client.query(request.lookup, in: schema)) == Self.answer)
        }
    }

    @Test("are refused when the key was used for something else, and strangers' keys do not meet")
    func reuse() async throws {
        try await Self.withSchema { client, schema in
            let request = IdempotencyRecord(scope: "user route", key: "k1", fingerprint: [1])
            _ = try await client.batch([request.claim, request.store(body: Self.answer)], in: schema)
            let other = IdempotencyRecord(scope: "user route", key: "k1", fingerprint: [2])
            let rows = try await client.query(other.lookup, in: schema)
            #expect(throws: IdempotencyRecord.Fault.reused) { _ = try other.answer(in: rows) }
            let upgraded = IdempotencyRecord(scope: "user route", key: "k1", fingerprint: [2], former: [1])
            #expect(try upgraded.answer(in: rows) == Self.answer)
            let stranger = IdempotencyRecord(scope: "stranger route", key: "k1", fingerprint: [2])
            #expect(try await client.query(stranger.lookup, in: schema).isEmpty)
        }
    }

    @Test("have their effect once, however many come at the same time")
    func race() async throws {
        try await Self.withSchema { client, schema in
            let request = IdempotencyRecord(scope: "user route", key: "k1", fingerprint: [1])
            let tasks = (0..<8).map { _ in Task { @EventLoop in await Self.carryOut(request, client, schema) } }
            var faults: [IdempotencyRecord.Fault?] = []
            for task in tasks { faults.append(await task.value) }
            #expect(faults.filter { $0 == nil }.count == 1)
            #expect(faults.compactMap { $0 }.allSatisfy { $0 == .running })
            let effects = try await client.query("SELECT id FROM effects", in: schema)
            #expect(effects.count == 1)
        }
    }

    @EventLoop private static func carryOut(
        _ request: IdempotencyRecord, _ client: PostgresClient, _ schema: Schema
    ) async -> IdempotencyRecord.Fault? {
        do {
            _ = try await client.batch(
                [request.claim, "INSERT INTO effects DEFAULT VALUES", request.store(body: answer)], in: schema)
            return nil
        } catch {
            return IdempotencyRecord.fault(of: error)
        }
    }

    private static func withSchema(
        _ body: @EventLoop @Sendable (PostgresClient, Schema) async throws -> Void
    ) async throws {
        let schema = Schema(service: "tests")
        try await TestDatabase.with { database in
            try await database.scripts.run { connection in
                try Migrator([.idempotency]).migrate(schema, on: connection)
                try connection.run(
                    script: "CREATE TABLE \(schema.quoted).effects (id int GENERATED ALWAYS AS IDENTITY)")
            }
            try await database.withClient { try await body($0, schema) }
        }
    }
}
