internal import CPostgres
package import EventLoop

/// Runs whole SQL scripts, such as migrations and provisioning: many statements, no values. They block a thread of
/// `pool`.
package struct ScriptRunner: Sendable {
    private let configuration: PostgresConfiguration
    private let pool: BlockingPool

    package init(_ configuration: PostgresConfiguration, on pool: BlockingPool) {
        self.configuration = configuration
        self.pool = pool
    }

    /// Opens a connection, lends it to `body` on a thread of the pool, and closes it.
    package func run<T: Sendable>(_ body: @escaping @Sendable (borrowing ScriptConnection) throws -> T) async throws
        -> T
    {
        let configuration = self.configuration
        return try await pool.run {
            let connection = ScriptConnection(handle: try ServerConnection.open(configuration))
            return try body(connection)
        }
    }
}

/// A connection that blocks its thread; closed when it goes out of scope.
package struct ScriptConnection: ~Copyable {
    fileprivate let handle: OpaquePointer

    fileprivate init(handle: OpaquePointer) { self.handle = handle }

    deinit { PQfinish(handle) }

    /// Runs a script of any number of statements. Without BEGIN they form one transaction.
    package func run(script: String) throws { try check(PQexec(handle, script)) }

    /// Runs one statement with its values; returns its rows.
    @discardableResult
    package func query(_ statement: SQL) throws -> [Row] {
        let result = withCStrings(statement.values) {
            PQexecParams(handle, statement.text, Int32(statement.values.count), nil, $0, nil, nil, 0)
        }
        return try check(result).rows
    }

    @discardableResult
    private func check(_ result: OpaquePointer?) throws -> ResultTable {
        guard let result else { throw PostgresError(.unavailable, message: String(cString: PQerrorMessage(handle))) }
        let table = ResultTable(result)
        if let error = postgresError(of: result) {
            let isLost = PQstatus(handle) != CONNECTION_OK
            throw isLost ? PostgresError(.unavailable, message: error.debugDescription) : error
        }
        return table
    }
}
