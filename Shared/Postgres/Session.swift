package import EventLoop

/// One session with the server, lent by ``PostgresClient/withSession(_:)``; do not keep it.
@EventLoop
package final class Session {
    private let connection: PostgresConnection

    init(_ connection: PostgresConnection) { self.connection = connection }

    /// Runs one statement in a transaction of its own.
    package func query(_ statement: SQL, in schema: Schema? = nil) async throws -> [Row] {
        try await batch([statement], in: schema)[0]
    }

    /// Runs the statements as one transaction in one round trip.
    package func batch(_ statements: [SQL], in schema: Schema? = nil) async throws -> [[Row]] {
        guard let schema else { return try await connection.run(statements) }
        return Array(try await connection.run([searchPath(schema)] + statements).dropFirst())
    }

    /// Runs `body` between BEGIN and COMMIT, once.
    func transaction<T>(in schema: Schema?, _ body: @EventLoop (Transaction) async throws -> T) async throws -> T {
        let transaction = Transaction(connection, prologue: ["BEGIN"] + (schema.map { [searchPath($0)] } ?? []))
        do {
            let value = try await body(transaction)
            try await transaction.commit()
            return value
        } catch {
            await transaction.rollback()
            throw error
        }
    }
}

/// An open transaction, lent by ``PostgresClient/transaction(in:_:)``; do not keep it.
///
/// BEGIN is sent with the first statement, so a transaction costs one round trip for each call and one for COMMIT.
@EventLoop
package final class Transaction {
    private let connection: PostgresConnection
    /// The statements that open the transaction, until it is open.
    private var prologue: [SQL]
    /// Statements that are sent with the next call.
    private var queued: [SQL] = []
    private var hasBegun = false

    init(_ connection: PostgresConnection, prologue: [SQL]) {
        self.connection = connection
        self.prologue = prologue
    }

    /// Runs one statement; returns its rows.
    @discardableResult
    package func query(_ statement: SQL) async throws -> [Row] { try await batch([statement])[0] }

    /// Runs the statements in one round trip; returns the rows of each. If the session is lost meanwhile, nothing was
    /// done: without COMMIT the server rolls back.
    @discardableResult
    package func batch(_ statements: [SQL]) async throws -> [[Row]] {
        do {
            return try await send(statements)
        } catch let error as PostgresError {
            throw error.withoutEffect
        }
    }

    private func send(_ statements: [SQL]) async throws -> [[Row]] {
        let before = prologue + queued
        (prologue, queued, hasBegun) = ([], [], true)
        return Array(try await connection.run(before + statements).dropFirst(before.count))
    }

    /// Runs statements whose rows are not needed, in order, together with the next call or with COMMIT: they cost no
    /// extra round trip, and their errors are thrown by that call.
    package func later(_ statements: [SQL]) { queued += statements }

    func commit() async throws {
        guard hasBegun || !queued.isEmpty else { return }
        // Without COMMIT the server rolls back the work of a lost session.
        guard !hasBegun || connection.isInTransaction else {
            throw PostgresError(.unavailable, message: "the session was lost before COMMIT")
        }
        // The server answers COMMIT of a failed transaction with a silent ROLLBACK, which must not count as success.
        guard !connection.isInTransaction || !connection.hasFailed else {
            throw PostgresError(.other, message: "an error was ignored")
        }
        _ = try await send(["COMMIT"])
    }

    func rollback() async {
        // If this fails too, the session is still in a transaction and the pool discards it.
        if connection.isInTransaction { _ = try? await connection.run(["ROLLBACK"]) }
    }
}

/// Makes the schema the whole search path until the transaction ends.
private func searchPath(_ schema: Schema) -> SQL {
    "SELECT set_config('search_path', \(schema.quoted), true)"
}
