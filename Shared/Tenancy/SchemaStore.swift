package import EventLoop
package import Postgres
import Primitives
import Runtime

/// One schema on its server: its statements see that schema and nothing else.
///
/// Whatever is written while a request is answered carries the deadline of the request: the server refuses to commit it
/// later (`PostgresError.isLateCommit`), and it is not sent at all once the client has left (`RequestAbandoned`). Work that
/// is done in the background has no deadline.
@EventLoop
package struct SchemaStore: Sendable {
    /// The schema that its statements see.
    package let schema: Schema
    private let connections: DatabaseServers.Connections
    private let isInBackground: Bool

    private var primary: PostgresClient { isInBackground ? connections.background : connections.primary }

    init(_ schema: Schema, _ connections: DatabaseServers.Connections) {
        self.init(schema, connections, isInBackground: false)
    }

    private init(_ schema: Schema, _ connections: DatabaseServers.Connections, isInBackground: Bool) {
        (self.schema, self.connections, self.isInBackground) = (schema, connections, isInBackground)
    }

    /// The same schema over a separate pool, for work that no client waits for: requests that exhaust the main pool do
    /// not stop it.
    package var inBackground: SchemaStore { SchemaStore(schema, connections, isInBackground: true) }

    /// Runs one statement in a transaction of its own.
    @discardableResult
    package func query(_ statement: SQL) async throws -> [Row] { try await batch([statement])[0] }

    /// Runs the statements as one transaction in one round trip; returns the rows of each.
    @discardableResult
    package func batch(_ statements: [SQL]) async throws -> [[Row]] {
        guard statements.contains(where: { !$0.isSelect }), let check = try deadlineCheck() else {
            return try await primary.batch(statements, in: schema)
        }
        return try await primary.batch(statements + [check], in: schema).dropLast()
    }

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
        try await primary.transaction(in: schema) { transaction in
            let value = try await body(transaction)
            // It goes with COMMIT.
            if let check = try deadlineCheck() { transaction.later([check]) }
            return value
        }
    }

    /// The last statement of a write: raises GU011 once the deadline of the request has passed. Nil for work that no
    /// client waits for. Throws `RequestAbandoned` if the client has left.
    private func deadlineCheck() throws -> SQL? {
        guard !isInBackground, let deadline = RequestDeadline.current else { return nil }
        try deadline.requireClient()
        return """
            SELECT CASE WHEN clock_timestamp() > \(connections.local(deadline.instant))::timestamptz
                THEN refuse_late_commit() END
            """
    }

    /// Lends one session; see ``PostgresClient/withSession(_:)``.
    package func withSession<T>(_ body: @EventLoop (Session) async throws -> T) async throws -> T {
        try await primary.withSession(body)
    }

    /// Reads data that may be slightly out of date, from the replica if there is one and it answers. Never base a
    /// decision on it.
    package func read(_ statement: SQL) async throws -> [Row] {
        if let rows = try await connections.replica?.query(statement, in: schema) { return rows }
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
