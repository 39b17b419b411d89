import EventLoop
import Postgres
import PostgresTesting
import Primitives
import Testing

@Suite("The PostgreSQL client")
struct PostgresClientTests {
    @Test("round-trips values")
    func values() async throws {
        let instant = Instant(microseconds: 1_795_164_600_123_456)
        let bytes: [UInt8] = [0, 1, 254, 255]
        let ids = [Identifier<Row>.new(), .new()]
        try await TestDatabase.with { database in
            try await database.withClient { client in
                let row = try await client.query(
                    """
                    SELECT \(instant)::timestamptz AS at, \(bytes)::bytea AS bytes, \(ids)::uuid[] AS ids,
                        \("l’été")::text AS text, \(-7)::bigint AS number, NULL::text AS missing, \(true)::boolean AS yes
                    """)[0]
                #expect(try row.get("at") == instant)
                #expect(try row.get("bytes") == bytes)
                #expect(try row.get("ids") == ids)
                #expect(try row.get("text") == "l’été")
                #expect(try row.get("number") == -7)
                #expect(try row.find("missing", as: String.self) == nil)
                #expect(try row.get("yes") == true)
                #expect(throws: PostgresError.self) { try row.get("missing", as: String.self) }
                #expect(throws: PostgresError.self) { try row.get("text", as: Int.self) }
                #expect(throws: PostgresError.self) { try row.get("absent", as: Int.self) }
            }
        }
    }

    @Test("a batch is one transaction: its first error undoes all of it, and the session stays usable")
    func batch() async throws {
        try await TestDatabase.with { database in
            try await database.scripts.run { try $0.run(script: "CREATE TABLE things (id int CONSTRAINT once UNIQUE)") }
            try await database.withClient(poolSize: 1) { client in
                let error = await #expect(throws: PostgresError.self) {
                    _ = try await client.batch(["INSERT INTO things VALUES (1)", "INSERT INTO things VALUES (1)"])
                }
                #expect(error?.code == .conflict(constraint: "once"))
                let rows = try await client.batch([
                    "INSERT INTO things VALUES (2) RETURNING id", "SELECT id FROM things",
                ])
                #expect(try rows.map { try $0.map { try $0.get("id", as: Int.self) } } == [[2], [2]])
            }
        }
    }

    @Test("a statement that cannot be prepared is not remembered as prepared")
    func failedPreparation() async throws {
        try await TestDatabase.with { database in
            try await database.withClient(poolSize: 1) { client in
                await #expect(throws: PostgresError.self) { _ = try await client.query("SELECT * FROM later") }
                _ = try await client.query("CREATE TABLE later ()")
                #expect(try await client.query("SELECT * FROM later").isEmpty)
            }
        }
    }

    @Test("a transaction commits all changes of its closure, or none")
    func transactions() async throws {
        struct Refused: Error {}
        try await TestDatabase.with { database in
            try await database.scripts.run { try $0.run(script: "CREATE TABLE things (id int)") }
            try await database.withClient(poolSize: 1) { client in
                try await client.transaction { transaction in
                    try await transaction.query("INSERT INTO things VALUES (1)")
                    try await transaction.query("INSERT INTO things VALUES (2)")
                }
                await #expect(throws: Refused.self) {
                    try await client.transaction { transaction in
                        try await transaction.query("INSERT INTO things VALUES (3)")
                        throw Refused()
                    }
                }
                await #expect(throws: PostgresError.self) {
                    try await client.transaction { transaction in
                        _ = try? await transaction.query("SELECT 1 / 0")
                    }
                }
                #expect(try await client.query("SELECT count(*) AS n FROM things")[0].get("n") == 2)
            }
        }
    }

    @Test(
        "deferred statements run in order, before the next ones or with COMMIT, and roll back everything if one fails")
    func later() async throws {
        try await TestDatabase.with { database in
            try await database.scripts.run { try $0.run(script: "CREATE TABLE things (id int UNIQUE)") }
            try await database.withClient(poolSize: 1) { client in
                try await client.transaction { transaction in
                    transaction.later(["INSERT INTO things VALUES (1)", "UPDATE things SET id = id + 1"])
                    let id: Int = try await transaction.query("SELECT id FROM things")[0].get("id")
                    #expect(id == 2)
                    transaction.later(["INSERT INTO things VALUES (1)"])
                }
                try await client.transaction { $0.later(["INSERT INTO things VALUES (3)"]) }
                await #expect(throws: PostgresError.self) {
                    try await client.transaction { transaction in
                        try await transaction.query("INSERT INTO things VALUES (4)")
                        transaction.later(["INSERT INTO things VALUES (5)", "INSERT INTO things VALUES (1)"])
                    }
                }
                let left = try await client.query("SELECT array_agg(id ORDER BY id) AS ids FROM things")
                #expect(try left[0].get("ids") == [1, 2, 3])
            }
        }
    }

    @Test("transactions that the server cannot serialise are run again until they succeed")
    func retries() async throws {
        try await TestDatabase.with { database in
            try await database.scripts.run {
                try $0.run(script: "CREATE TABLE counter (n int); INSERT INTO counter VALUES (0)")
            }
            try await database.withClient { client in
                let tasks = (0..<6).map { _ in Task { @EventLoop in try await Self.increment(client) } }
                for task in tasks { try await task.value }
                #expect(try await client.query("SELECT n FROM counter")[0].get("n") == 6)
            }
        }
    }

    @EventLoop private static func increment(_ client: PostgresClient) async throws {
        try await client.transaction { transaction in
            try await transaction.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            let n = try await transaction.query("SELECT n FROM counter")[0].get("n", as: Int.self)
            try await transaction.query("UPDATE counter SET n = \(n + 1)")
        }
    }

    @Test("of two deadlocked transactions the aborted one is run again, and both succeed")
    func deadlock() async throws {
        try await TestDatabase.with { database in
            try await database.scripts.run {
                try $0.run(script: "CREATE TABLE things (id int, n int); INSERT INTO things VALUES (1, 0), (2, 0)")
            }
            try await database.withClient { client in
                let meeting = Meeting()
                let tasks = [(1, 2), (2, 1)].map { first, second in
                    Task { @EventLoop in try await Self.cross(client, first, second, meeting) }
                }
                for task in tasks { try await task.value }
                #expect(meeting.attempts >= 3)
                let left = try await client.query("SELECT array_agg(n) AS numbers FROM things")
                #expect(try left[0].get("numbers") == [2, 2])
            }
        }
    }

    /// The first attempts of two transactions wait here until each holds the row that the other needs.
    @EventLoop private final class Meeting {
        var attempts = 0
        var arrived: Set<Int> = []
    }

    @EventLoop private static func cross(
        _ client: PostgresClient, _ first: Int, _ second: Int, _ meeting: Meeting
    ) async throws {
        try await client.transaction { transaction in
            meeting.attempts += 1
            try await transaction.query("UPDATE things SET n = n + 1 WHERE id = \(first)")
            meeting.arrived.insert(first)
            while meeting.arrived.count < 2 { try await EventLoop.sleep(for: .milliseconds(1)) }
            try await transaction.query("UPDATE things SET n = n + 1 WHERE id = \(second)")
        }
    }

    @Test("the search path holds for one transaction and does not leak into the next")
    func schemas() async throws {
        let schema = Schema(service: "tests", tenant: "cabinet-1")
        try await TestDatabase.with { database in
            try await database.scripts.run {
                try $0.run(script: "CREATE SCHEMA \(schema.quoted); CREATE TABLE \(schema.quoted).things (id int)")
            }
            try await database.withClient(poolSize: 1) { client in
                #expect(try await client.query("SELECT id FROM things", in: schema).isEmpty)
                try await client.transaction(in: schema) { try await $0.query("INSERT INTO things VALUES (1)") }
                await #expect(throws: PostgresError.self) { _ = try await client.query("SELECT id FROM things") }
                #expect(try await client.query("SELECT id FROM things", in: schema).count == 1)
            }
        }
    }

    @Test("a bounded number of callers waits for a session")
    func waiting() async throws {
        try await TestDatabase.with { database in
            var configuration = database.configuration
            (configuration.poolSize, configuration.waitingLimit) = (1, 1)
            try await Self.saturate(configuration)
        }
    }

    @EventLoop private static func saturate(_ configuration: PostgresConfiguration) async throws {
        let client = PostgresClient(configuration)
        defer { client.close() }
        let slow = Task { @EventLoop in _ = try await client.query("SELECT pg_sleep(0.3)") }
        while client.statistics.inUse < 1 { await Task.yield() }
        let queued = Task { @EventLoop in try await client.query("SELECT 1 AS one").count }
        while client.statistics.waiting < 1 { await Task.yield() }
        await #expect(throws: PostgresError.self) { _ = try await client.query("SELECT 2") }
        try await slow.value
        #expect(try await queued.value == 1)
    }

    @Test("sessions that the server ends are replaced, without a failed call")
    func lostSessions() async throws {
        try await TestDatabase.with { database in
            try await database.withClient(poolSize: 2) { client in
                let first = try await client.query("SELECT pg_backend_pid() AS pid")[0].get("pid", as: Int.self)
                try await database.scripts.run { _ = try $0.query("SELECT pg_terminate_backend(\(first))") }
                while client.statistics.open > 0 { try await EventLoop.sleep(for: .milliseconds(1)) }
                let second = try await client.query("SELECT pg_backend_pid() AS pid")[0].get("pid", as: Int.self)
                #expect(first != second)
            }
        }
    }

    @Test(
        "a batch that a deferred constraint refuses when it commits fails with that constraint; the session stays usable"
    )
    func deferredConstraint() async throws {
        try await TestDatabase.with { database in
            try await database.scripts.run {
                try $0.run(
                    script: "CREATE TABLE things (id int CONSTRAINT once UNIQUE DEFERRABLE INITIALLY DEFERRED)")
            }
            try await database.withClient(poolSize: 1) { client in
                let error = await #expect(throws: PostgresError.self) {
                    _ = try await client.batch(["INSERT INTO things VALUES (1)", "INSERT INTO things VALUES (1)"])
                }
                #expect(error?.code == .conflict(constraint: "once"))
                let left = try await client.query("SELECT FROM things")
                #expect(left.isEmpty)
                #expect(client.statistics.open == 1)
            }
        }
    }

    @Test("a session that ends in the middle of a statement leaves its outcome unknown")
    func unknownOutcome() async throws {
        try await TestDatabase.with { database in
            try await database.withClient(poolSize: 2) { client in
                let slow = Task { @EventLoop in _ = try await client.query("SELECT pg_sleep(30) /* slow */") }
                let busy: SQL =
                    "SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND state = 'active' AND pid <> pg_backend_pid()"
                var pid: Int?
                while pid == nil { pid = try await client.query(busy).first?.get("pid") }
                _ = try await client.query("SELECT pg_terminate_backend(\(pid ?? 0))")
                await #expect(throws: PostgresError.self) { try await slow.value }
                #expect(try await client.query("SELECT 1").count == 1)
            }
        }
    }
}
