package import EventLoop
package import Postgres

/// One schema on its server: its statements see that schema and nothing else.
@EventLoop
package struct SchemaStore: Sendable {
    /// The schema that its statements see.
    package let schema: Schema
    private let primary: PostgresClient
    private let background: PostgresClient
    private let replica: ReadReplica?

    init(_ schema: Schema, _ connections: DatabaseServers.Connections) {
        self.init(schema, connections.primary, background: connections.background, replica: connections.replica)
    }

    private init(_ schema: Schema, _ primary: PostgresClient, background: PostgresClient, replica: ReadReplica?) {
        (self.schema, self.primary, self.background, self.replica) = (schema, primary, background, replica)
    }

    /// The same schema over a separate pool, for work that no client waits for: requests that exhaust the main pool do
    /// not stop it.
    package var inBackground: SchemaStore {
        SchemaStore(schema, background, background: background, replica: replica)
    }

    /// Runs one statement in a transaction of its own.
    @discardableResult
    package func query(_ statement: SQL) async throws -> [Row] { try await primary.query(statement, in: schema) }

    /// Runs the statements as one transaction in one round trip; returns the rows of each.
    @discardableResult
    package func batch(_ statements: [SQL]) async throws -> [[Row]] { try await primary.batch(statements, in: schema) }

    /// Asks one query, as a transaction of its own.
    package func ask<Answer>(_ query: Query<Answer>) async throws -> Answer {
        try await Postgres.ask(query) { try await self.batch($0) }
    }

    /// Asks several queries as one transaction in one round trip; each is answered in its own type.
    package func ask<each Answer>(_ queries: repeat Query<each Answer>) async throws -> (repeat each Answer) {
        try await Postgres.ask(repeat each queries) { try await self.batch($0) }
    }

    /// Runs `body` in one transaction; see ``PostgresClient/transaction(in:_:)``.
    @discardableResult
    package func transaction<T: Sendable>(_ body: @EventLoop (Transaction) async throws -> T) async throws -> T {
        try await primary.transaction(in: schema, body)
    }

    /// Lends one session; see ``PostgresClient/withSession(_:)``.
    package func withSession<T>(_ body: @EventLoop (Session) async throws -> T) async throws -> T {
        try await primary.withSession(body)
    }

    /// Reads data that may be slightly out of date, from the replica if there is one and it answers. Never base a
    /// decision on it.
    package func read(_ statement: SQL) async throws -> [Row] {
        if let rows = try await replica?.query(statement, in: schema) { return rows }
        return try await query(statement)
    }

    /// Asks a query whose answer may be a little old; see ``read(_:)-(SQL)``.
    package func read<Answer>(_ query: Query<Answer>) async throws -> Answer {
        try await Postgres.ask(query) { statements in
            var rows: [[Row]] = []
            for statement in statements { rows.append(try await read(statement)) }
            return rows
        }
    }
}
