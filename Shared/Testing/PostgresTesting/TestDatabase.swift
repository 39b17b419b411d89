import EventLoop
import Glibc
package import Postgres
import Primitives

/// A separate database for one test, on the real server that `GUICHET_TEST_POSTGRES_URL` names.
package struct TestDatabase: Sendable {
    private let name: String
    /// The connection URI of the new database, as its owner.
    package let url: String

    /// Explains what to do if the tests are run without the servers.
    package struct MissingServer: Error, CustomStringConvertible {
        let variable: String
        package var description: String { "\(variable) is not set: run the tests with `make test`" }
    }

    /// Lends `body` a new database and drops it afterwards.
    ///
    /// - Parameter server: the variable that names the server; a second server has its own variable.
    package static func with<T: Sendable>(
        server: String = "GUICHET_TEST_POSTGRES_URL", _ body: (TestDatabase) async throws -> T
    ) async throws -> T {
        guard let variable = getenv(server) else { throw MissingServer(variable: server) }
        let serverURL = String(cString: variable)
        let name = "test_" + Identifier<TestDatabase>.new().description.replacing("-", with: "")
        var configuration = PostgresConfiguration(url: serverURL, applicationName: "tests")
        configuration.statementTimeout = .seconds(120)  // Many tests make databases at the same time.
        let administration = ScriptRunner(configuration, on: pool)
        try await administration.run {
            try $0.run(script: "CREATE DATABASE \(name)")
            try $0.run(script: "REVOKE ALL ON DATABASE \(name) FROM PUBLIC")
        }
        let database = TestDatabase(name: name, url: replacingDatabase(of: serverURL, by: name))
        do {
            let value = try await body(database)
            try await administration.run { try $0.run(script: "DROP DATABASE \(name) WITH (FORCE)") }
            return value
        } catch {
            try await administration.run { try $0.run(script: "DROP DATABASE \(name) WITH (FORCE)") }
            throw error
        }
    }

    /// The configuration of a pool for the database.
    package var configuration: PostgresConfiguration { PostgresConfiguration(url: url, applicationName: "tests") }

    /// Runs scripts in the database.
    package var scripts: ScriptRunner { ScriptRunner(configuration, on: Self.pool) }

    /// Ends all sessions and refuses new ones, as if the server were unavailable, or accepts them again.
    package func admitSessions(_ isOpen: Bool) async throws {
        let elsewhere = PostgresConfiguration(
            url: Self.replacingDatabase(of: url, by: "postgres"), applicationName: "tests")
        try await ScriptRunner(elsewhere, on: Self.pool).run {
            try $0.run(
                script: """
                    ALTER DATABASE \(name) ALLOW_CONNECTIONS \(isOpen);
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(name)';
                    """)
        }
    }

    /// Has tables that new sessions make lie in this tablespace.
    package func setDefaultTablespace(_ tablespace: String) async throws {
        try await scripts.run { [name] in
            try $0.run(script: "ALTER DATABASE \(name) SET default_tablespace = \(tablespace)")
        }
    }

    /// Lets all sessions write or not, as on a standby, or on a server whose operator has stopped writes. Ends the sessions
    /// that are open.
    package func setReadOnly(_ isReadOnly: Bool) async throws {
        let elsewhere = PostgresConfiguration(
            url: Self.replacingDatabase(of: url, by: "postgres"), applicationName: "tests")
        try await ScriptRunner(elsewhere, on: Self.pool).run { [name] in
            try $0.run(
                script: """
                    ALTER DATABASE \(name) SET default_transaction_read_only = \(isReadOnly);
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(name)';
                    """)
        }
    }

    /// Ends the sessions whose statement is like this pattern; returns their number.
    package func endSessions(running pattern: String) async throws -> Int {
        try await scripts.run { [name] in
            try $0.query(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = \(name) AND state = 'active' AND query LIKE \(pattern) AND pid <> pg_backend_pid()
                """
            ).count
        }
    }

    /// Lends a pool of sessions and closes it afterwards.
    @EventLoop
    package func withClient<T: Sendable>(
        poolSize: Int = 8, _ body: @EventLoop (PostgresClient) async throws -> T
    ) async throws -> T {
        var configuration = self.configuration
        configuration.poolSize = poolSize
        let client = PostgresClient(configuration)
        defer { client.close() }
        return try await body(client)
    }

    private static let pool = BlockingPool(threads: 4, waiting: 1024)

    /// `postgres://user@host:port/name?options` with another name.
    private static func replacingDatabase(of url: String, by name: String) -> String {
        let parts = url.split(separator: "?", maxSplits: 1)
        guard let path = parts.first, let slash = path.lastIndex(of: "/") else { return url }
        return path[...slash] + name + (parts.count > 1 ? "?\(parts[1])" : "")
    }
}
