package import EventLoop
import Primitives

/// A bounded pool of sessions with one PostgreSQL server.
///
/// It connects on demand and drops sessions that the server has closed, so it survives restarts of the server. Callers
/// wait for a session within limits; beyond them they get ``PostgresError/Code/poolExhausted``.
@EventLoop
package final class PostgresClient {
    /// The present use of the pool.
    package struct Statistics: Sendable {
        /// Open sessions.
        package var open = 0
        /// Open sessions that are in use.
        package var inUse = 0
        /// Callers that wait for a session.
        package var waiting = 0
    }

    /// How often a transaction runs at most, and the pauses in between.
    private static let attemptLimit = 5
    private static let conflictBackoff = Backoff(from: .milliseconds(20), to: .milliseconds(160))

    private let configuration: PostgresConfiguration
    private let threads = BlockingPool(threads: 2, waiting: 256)
    private var idle: [PostgresConnection] = []
    private var waiting: [Waiter] = []
    private var open = 0
    private var isClosed = false

    package init(_ configuration: PostgresConfiguration) { self.configuration = configuration }

    /// A snapshot for metrics.
    package var statistics: Statistics {
        Statistics(open: open, inUse: open - idle.count, waiting: waiting.count)
    }

    /// Runs one statement in a transaction of its own, with the schema as the whole search path.
    package func query(_ statement: SQL, in schema: Schema? = nil) async throws -> [Row] {
        try await batch([statement], in: schema)[0]
    }

    /// Runs the statements as one transaction in one round trip; returns the rows of each.
    package func batch(_ statements: [SQL], in schema: Schema? = nil) async throws -> [[Row]] {
        try await withSession { session in try await session.batch(statements, in: schema) }
    }

    /// Runs `body` between BEGIN and COMMIT; an error thrown by it rolls back. If the server aborts the transaction
    /// because of a conflict (``PostgresError/Code/retryable``), it is run again from the start, a bounded number of
    /// times, so `body` must have no effect outside the database.
    @discardableResult
    package func transaction<T: Sendable>(
        in schema: Schema? = nil, _ body: @EventLoop (Transaction) async throws -> T
    ) async throws -> T {
        for attempt in 1... {
            do {
                return try await withSession { session in try await session.transaction(in: schema, body) }
            } catch let error as PostgresError where error.code == .retryable && attempt < Self.attemptLimit {
                try await EventLoop.sleep(for: Self.conflictBackoff.pause(after: attempt))
            }
        }
        preconditionFailure("the last attempt returns or throws")
    }

    /// Lends one session, for purposes that outlast a transaction, such as advisory locks.
    package func withSession<T>(_ body: @EventLoop (Session) async throws -> T) async throws -> T {
        let connection = try await acquire()
        do {
            let value = try await body(Session(connection))
            release(connection)
            return value
        } catch {
            release(connection)
            throw error
        }
    }

    /// Closes all sessions; waiting callers get ``PostgresError/Code/unavailable``.
    package func close() {
        isClosed = true
        for connection in idle { connection.close() }
        open -= idle.count
        idle.removeAll()
        for waiter in waiting { waiter.fulfil(.failure(PostgresError(.unavailable, message: "the pool is closed"))) }
        waiting.removeAll()
    }

    private func acquire() async throws -> PostgresConnection {
        guard !isClosed else { throw PostgresError(.unavailable, message: "the pool is closed") }
        while let connection = idle.popLast() {
            connection.onIdleLoss = nil
            if connection.isUsable { return connection }
            discard(connection)
        }
        if open < configuration.poolSize { return try await connect() }
        guard waiting.count < configuration.waitingLimit else {
            throw PostgresError(.poolExhausted, message: "too many callers wait for a connection")
        }
        let waiter = Waiter()
        waiting.append(waiter)
        EventLoop.schedule(after: configuration.waitingTime) { [weak self, weak waiter] in
            guard let waiter else { return }
            self?.waiting.removeAll { $0 === waiter }
            waiter.fulfil(.failure(PostgresError(.poolExhausted, message: "no connection became free in time")))
        }
        if let connection = try await waiter.fulfilment().get() { return connection }
        return try await connect(reserved: true)
    }

    private func connect(reserved: Bool = false) async throws -> PostgresConnection {
        if !reserved { open += 1 }
        do {
            let configuration = self.configuration
            let handle = try await threads.run {
                ConnectedHandle(pointer: try ServerConnection.open(configuration))
            }
            return try PostgresConnection(handle, configuration)
        } catch {
            passOnPlace()
            guard error is PostgresError else { throw PostgresError(.unavailable, message: "\(error)") }
            throw error
        }
    }

    private func release(_ connection: PostgresConnection) {
        guard connection.isUsable, !connection.isInTransaction, !isClosed else { return discard(connection) }
        while let waiter = waiting.first {
            waiting.removeFirst()
            if waiter.fulfil(.success(connection)) { return }
        }
        connection.onIdleLoss = { [weak self, weak connection] in
            guard let self, let connection, idle.contains(where: { $0 === connection }) else { return }
            idle.removeAll { $0 === connection }
            open -= 1
        }
        idle.append(connection)
    }

    private func discard(_ connection: PostgresConnection) {
        connection.close()
        passOnPlace()
    }

    /// A session ended: lets the longest waiting caller open another one in its place.
    private func passOnPlace() {
        while let waiter = waiting.first {
            waiting.removeFirst()
            if waiter.fulfil(.success(nil)) { return }
        }
        open -= 1
    }
}

/// Fulfilled when a waiting caller gets a session. Nil is a place in the pool without a session.
private typealias Waiter = Promise<Result<PostgresConnection?, PostgresError>>
