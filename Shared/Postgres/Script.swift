internal import CPostgres
package import EventLoop
internal import Glibc

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
            let handle = try ServerConnection.open(configuration)
            return try body(ScriptConnection(handle: handle, timeout: configuration.scriptTimeout))
        }
    }
}

/// A connection that blocks its thread; closed when it goes out of scope.
package struct ScriptConnection: ~Copyable {
    private let handle: OpaquePointer
    private let timeout: Duration

    fileprivate init(handle: OpaquePointer, timeout: Duration) { (self.handle, self.timeout) = (handle, timeout) }

    deinit { PQfinish(handle) }

    /// Runs a script of any number of statements. Without BEGIN they form one transaction.
    package func run(script: String) throws { try check(try answer(to: PQsendQuery(handle, script))) }

    /// Runs one statement with its values; returns its rows.
    @discardableResult
    package func query(_ statement: SQL) throws -> [Row] {
        let isSent = withCStrings(statement.values) {
            PQsendQueryParams(handle, statement.text, Int32(statement.values.count), nil, $0, nil, nil, 0)
        }
        return try check(try answer(to: isSent)).rows
    }

    /// Waits for the result: of a script that of its last statement, or the first error. Returns nil if the connection is
    /// lost.
    private func answer(to isSent: Int32) throws -> ResultTable? {
        guard isSent == 1 else { return nil }
        let deadline = ContinuousClock.now + timeout
        var last: ResultTable?
        while true {
            while PQisBusy(handle) == 1 {
                try waitForData(until: deadline)
                guard PQconsumeInput(handle) == 1 else { return last }
            }
            guard let result = PQgetResult(handle) else { return last }
            last = ResultTable(result)
        }
    }

    private func waitForData(until deadline: ContinuousClock.Instant) throws {
        let left = deadline - .now
        var entry = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        guard left > .zero, poll(&entry, 1, Int32(clamping: Int64(left / .milliseconds(1)) + 1)) != 0 else {
            throw PostgresError(.unknownOutcome, message: "the server did not answer the script in time")
        }
    }

    @discardableResult
    private func check(_ result: ResultTable?) throws -> ResultTable {
        guard let result else { throw PostgresError(.unavailable, message: String(cString: PQerrorMessage(handle))) }
        if let error = result.error {
            let isLost = PQstatus(handle) != CONNECTION_OK
            throw isLost ? PostgresError(.unavailable, message: error.debugDescription) : error
        }
        return result
    }
}
