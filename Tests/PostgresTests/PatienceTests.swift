import EventLoop
import Glibc
import Postgres
import PostgresTesting
import Testing

@Suite("Timeouts of the PostgreSQL client")
struct PatienceTests {
    @Test("a caller that waits too long for a session fails, and takes no place in the pool")
    func waitingTime() async throws {
        try await TestDatabase.with { database in
            var configuration = database.configuration
            (configuration.poolSize, configuration.waitingTime) = (1, .milliseconds(50))
            try await Self.with(configuration) { client in
                let slow = [Task { @EventLoop in _ = try await client.query("SELECT pg_sleep(0.5)") }]
                while client.statistics.inUse < 1 { await Task.yield() }
                let error = await #expect(throws: PostgresError.self) { _ = try await client.query("SELECT 1") }
                #expect(error?.code == .poolExhausted)
                #expect(client.statistics.waiting == 0)
                for task in slow { try await task.value }
                #expect(try await client.query("SELECT 1").count == 1)
                #expect(client.statistics.open == 1)
            }
        }
    }

    @Test("a statement that takes too long, or waits too long for a lock, is cancelled; the session stays")
    func statementTimeout() async throws {
        try await TestDatabase.with { database in
            try await database.scripts.run { try $0.run(script: "CREATE TABLE things ()") }
            var configuration = database.configuration
            (configuration.poolSize, configuration.statementTimeout) = (2, .milliseconds(500))
            try await Self.with(configuration) { client in
                try await client.transaction { transaction in
                    try await transaction.query("LOCK TABLE things")
                    let mine: SQL = "SELECT pg_backend_pid() AS pid"
                    let pid: Int = try await client.query(mine)[0].get("pid")
                    for statement: SQL in ["SELECT pg_sleep(30)", "SELECT FROM things"] {
                        let error = await #expect(throws: PostgresError.self) { _ = try await client.query(statement) }
                        #expect(error?.code == .timeout)
                    }
                    #expect(try await client.query(mine)[0].get("pid") == pid)
                }
            }
        }
    }

    @Test("a server that freezes during a statement leaves its outcome unknown, and the session is dropped")
    func exchangeTimeout() async throws {
        let (server, pool) = (FrozenServer(), BlockingPool(threads: 1, waiting: 1))
        var configuration = PostgresConfiguration(url: server.url, applicationName: "tests")
        configuration.statementTimeout = .milliseconds(100)
        try await Self.with(configuration) { client in
            let greeting = [Task { @EventLoop in try await pool.run { server.greet() } }]
            let start = ContinuousClock.now
            let error = await #expect(throws: PostgresError.self) { _ = try await client.query("SELECT 1") }
            #expect(error?.code == .unknownOutcome)
            #expect(ContinuousClock.now - start > configuration.statementTimeout, "the server's own limit comes first")
            #expect(client.statistics.open == 0)
            // The client has closed the connection.
            for task in greeting { try await task.value }
        }
    }

    @Test("when one session was lost the others are replaced, not lost one after the other")
    func replacement() async throws {
        try await TestDatabase.with { database in
            var configuration = database.configuration
            configuration.statementTimeout = .milliseconds(500)
            try await Self.with(configuration) { client in
                let pids = try await Self.backends(of: client, count: 4)
                // They keep their connections and answer nothing.
                for pid in pids { kill(pid, SIGSTOP) }
                defer { for pid in pids { kill(pid, SIGCONT) } }
                let start = ContinuousClock.now
                let error = await #expect(throws: PostgresError.self) { _ = try await client.query("SELECT 1") }
                #expect(error?.code == .unknownOutcome)
                let answered = try await client.query("SELECT 1").count
                #expect(answered == 1)
                let twoTimeouts: Duration = .seconds(3)
                #expect(ContinuousClock.now - start < twoTimeouts)
            }
        }
    }

    @Test("callers that wait to connect to a silent server fail together")
    func connecting() async throws {
        let server = FrozenServer()
        try await Self.with(PostgresConfiguration(url: server.url, applicationName: "tests")) { client in
            let start = ContinuousClock.now
            let callers = (0..<12).map { _ in Task { @EventLoop in try await client.query("SELECT 1").count } }
            for caller in callers {
                let error = await #expect(throws: PostgresError.self) { _ = try await caller.value }
                #expect(error?.code == .unavailable)
            }
            #expect(ContinuousClock.now - start < .seconds(9), "one timeout of three seconds, not one for each pair")
            #expect(client.isStarved)
        }
    }

    @Test("a commit that hangs, as with a synchronous standby that is down, ends with an unknown outcome")
    func hangingCommit() async throws {
        try await TestDatabase.with { database in
            // The server's own timeout does not apply to the commit.
            try await database.scripts.run {
                try $0.run(
                    script: """
                        CREATE TABLE things ();
                        CREATE FUNCTION hang() RETURNS trigger LANGUAGE plpgsql
                            AS 'BEGIN PERFORM pg_sleep(30); RETURN NULL; END';
                        CREATE CONSTRAINT TRIGGER hangs AFTER INSERT ON things DEFERRABLE INITIALLY DEFERRED
                            FOR EACH ROW EXECUTE FUNCTION hang();
                        """)
            }
            var configuration = database.configuration
            configuration.statementTimeout = .milliseconds(500)
            try await Self.with(configuration) { client in
                let insert: SQL = "INSERT INTO things DEFAULT VALUES"
                var error = await #expect(throws: PostgresError.self) { _ = try await client.query(insert) }
                #expect(error?.code == .unknownOutcome)
                error = await #expect(throws: PostgresError.self) {
                    try await client.transaction { try await $0.query(insert) }
                }
                #expect(error?.code == .unknownOutcome)
            }
        }
    }

    @Test("a session that is lost before COMMIT was sent has had no effect, which is certain")
    func lostBeforeCommit() async throws {
        try await TestDatabase.with { database in
            try await Self.with(database.configuration) { client in
                let error = await #expect(throws: PostgresError.self) {
                    try await client.transaction { transaction in
                        let pid = try await transaction.query("SELECT pg_backend_pid() AS pid")[0].get(
                            "pid", as: Int.self)
                        try await database.scripts.run { _ = try $0.query("SELECT pg_terminate_backend(\(pid))") }
                        try await transaction.query("SELECT pg_sleep(30)")
                    }
                }
                #expect(error?.code == .unavailable)
            }
        }
    }

    @Test("a server that accepts a connection but does not answer counts as unavailable")
    func silence() async throws {
        let server = FrozenServer()
        try await Self.with(PostgresConfiguration(url: server.url, applicationName: "tests")) { client in
            let error = await #expect(throws: PostgresError.self) { _ = try await client.query("SELECT 1") }
            #expect(error?.code == .unavailable)
            #expect(client.statistics.open == 0)
        }
    }

    /// The processes of so many sessions, which are idle afterwards.
    @EventLoop private static func backends(of client: PostgresClient, count: Int) async throws -> [pid_t] {
        let calls = (0..<count).map { _ in
            Task { @EventLoop in
                try await client.query("SELECT pg_backend_pid() AS pid, pg_sleep(0.2)::text")[0].get(
                    "pid", as: Int32.self)
            }
        }
        var pids: [pid_t] = []
        for call in calls { pids.append(try await call.value) }
        return pids
    }

    @EventLoop private static func with(
        _ configuration: PostgresConfiguration, _ body: @EventLoop (PostgresClient) async throws -> Void
    ) async throws {
        let client = PostgresClient(configuration)
        defer { client.close() }
        try await body(client)
    }
}
