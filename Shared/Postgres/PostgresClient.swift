package import EventLoop
import Primitives

/// A bounded pool of sessions with one PostgreSQL server.
///
/// It connects on demand and drops sessions that the server has closed, so it survives restarts of the server. Callers
/// wait for a session within limits; beyond them they get ``PostgresError/Code/poolExhausted``. Once a session was lost
/// or the server was unavailable, the other sessions are replaced before they are used again: each would be lost after a
/// timeout of its own.
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
    /// Sessions are replaced at most so often: a server that is up but takes no writes must not be kept busy by logins.
    private static let replacementPause: Duration = .seconds(5)
    /// Without a session for so long, callers are not served any more.
    private static let starvationLimit: Duration = .seconds(2)

    private let configuration: PostgresConfiguration
    private let threads = BlockingPool(threads: 2, waiting: 256)
    private var idle: [PostgresConnection] = []
    private var waiting: [Waiter] = []
    private var open = 0
    private var isClosed = false
    /// Sessions that were opened before are replaced.
    private var replacedBefore: ContinuousClock.Instant?
    /// Since when callers have waited and none was given a session.
    private var starvedSince: ContinuousClock.Instant?
    private let gate = ConnectionGate()

    package init(_ configuration: PostgresConfiguration) { self.configuration = configuration }

    /// True if no caller could be given a session for the last two seconds.
    package var isStarved: Bool { starvedSince.map { .now - $0 >= Self.starvationLimit } ?? false }

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
            if let code = (error as? PostgresError)?.code, [.unavailable, .unknownOutcome].contains(code) {
                replaceSessions()
            }
            release(connection)
            throw error
        }
    }

    /// Has the sessions that are open now replaced before they are used again.
    private func replaceSessions() {
        let now = ContinuousClock.now
        guard replacedBefore.map({ now - $0 > Self.replacementPause }) ?? true else { return }
        replacedBefore = now
    }

    private func isUsable(_ connection: PostgresConnection) -> Bool {
        connection.isUsable && replacedBefore.map { connection.opened > $0 } ?? true
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
            if isUsable(connection) { return connection }
            discard(connection)
        }
        if open < configuration.poolSize { return try await connect() }
        starvedSince = starvedSince ?? .now
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
        let asked = ContinuousClock.now
        do {
            let (configuration, gate) = (self.configuration, self.gate)
            let handle = try await threads.run {
                try gate.pass(asked) { ConnectedHandle(pointer: try ServerConnection.open(configuration)) }
            }
            let connection = try PostgresConnection(handle, configuration)
            starvedSince = nil
            return connection
        } catch {
            starvedSince = starvedSince ?? asked
            passOnPlace()
            guard error is PostgresError else { throw PostgresError(.unavailable, message: "\(error)") }
            throw error
        }
    }

    private func release(_ connection: PostgresConnection) {
        guard isUsable(connection), !connection.isInTransaction, !isClosed else { return discard(connection) }
        starvedSince = nil
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
