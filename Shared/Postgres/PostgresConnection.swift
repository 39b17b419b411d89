internal import CPostgres
internal import EventLoop

/// One session with the server, in libpq's pipeline mode on the event loop.
///
/// Each statement text is prepared once per session. One pipeline is under way at a time; its statements share a round
/// trip.
@EventLoop
final class PostgresConnection {
    /// A session with more distinct statements than this is replaced; the suite has far fewer.
    static let statementLimit = 500

    nonisolated let opened = ContinuousClock.now
    nonisolated let deadline: ContinuousClock.Instant
    private let exchangeTimeout: Duration
    private var handle: OpaquePointer?
    private let descriptor: Int32
    private var prepared: [SQL.Shape: String] = [:]
    private var pipeline: Pipeline?
    private var isWaitingToWrite = false
    /// Called once if the session ends while it is idle.
    var onIdleLoss: (@EventLoop () -> Void)?

    /// Takes ownership of a connected handle.
    init(_ handle: ConnectedHandle, _ configuration: PostgresConfiguration) throws {
        self.handle = handle.pointer
        descriptor = PQsocket(handle.pointer)
        exchangeTimeout = configuration.exchangeTimeout
        // The sessions of a pool must not all expire together.
        deadline = .now + configuration.maximumAge * Double.random(in: 0.8...1.2)
        guard PQsetnonblocking(handle.pointer, 1) == 0, PQenterPipelineMode(handle.pointer) == 1 else {
            PQfinish(handle.pointer)
            throw PostgresError(.unavailable, message: "pipeline mode was refused")
        }
        EventLoop.watch(descriptor, for: .read) { [weak self] ready in self?.onReady(ready) }
    }

    var isUsable: Bool { handle != nil && prepared.count < Self.statementLimit && ContinuousClock.now < deadline }

    /// True between BEGIN and COMMIT or ROLLBACK, a failed transaction included.
    var isInTransaction: Bool { handle.map { PQtransactionStatus($0) != PQTRANS_IDLE } ?? false }

    /// True if only ROLLBACK can end the transaction.
    var hasFailed: Bool { handle.map { PQtransactionStatus($0) == PQTRANS_INERROR } ?? true }

    func close() {
        guard let handle else { return }
        EventLoop.unwatch(descriptor)
        PQfinish(handle)
        self.handle = nil
    }

    /// Sends the statements in one pipeline and returns the rows of each.
    ///
    /// Outside a transaction they form their own: the first error rolls all of them back and is thrown.
    func run(_ statements: [SQL]) async throws -> [[Row]] {
        guard let handle else { throw PostgresError(.unavailable, message: "the connection is closed") }
        precondition(pipeline == nil, "a session runs one pipeline at a time")
        let pipeline = Pipeline(try send(statements, on: handle))
        self.pipeline = pipeline
        let timer = EventLoop.schedule(after: exchangeTimeout) { [weak self, weak pipeline] in
            // After a pause of the whole process, the answer may already have been received in the same turn of the
            // loop.
            guard let self, let pipeline, self.pipeline === pipeline else { return }
            fail(PostgresError(.unknownOutcome, message: "the server did not answer in time"))
        }
        defer { timer.cancel() }
        flush()
        receive()
        await pipeline.finished()
        return try pipeline.rows()
    }

    private func send(_ statements: [SQL], on handle: OpaquePointer) throws -> [Pipeline.Step] {
        var steps: [Pipeline.Step] = []
        steps.reserveCapacity(statements.count)
        for statement in statements {
            let name: String
            if let known = prepared[statement.shape] {
                name = known
            } else {
                name = "s\(prepared.count)"
                prepared[statement.shape] = name
                try check(PQsendPrepare(handle, name, statement.text, 0, nil))
                steps.append(.prepare(statement.shape))
            }
            let count = Int32(statement.values.count)
            try check(withCStrings(statement.values) { PQsendQueryPrepared(handle, name, count, $0, nil, nil, 0) })
            steps.append(.query)
        }
        try check(PQpipelineSync(handle))
        return steps
    }

    private func check(_ accepted: Int32) throws {
        guard accepted != 1 else { return }
        close()
        throw PostgresError(.unavailable, message: "the connection was lost before anything was sent")
    }

    private func onReady(_ ready: DescriptorEvents) {
        guard pipeline != nil else {
            // Data on an idle session means a notice or a shutdown: find out which.
            guard let handle, PQconsumeInput(handle) == 1, PQstatus(handle) == CONNECTION_OK, ready == .read,
                !serverHasLeft(handle)
            else {
                close()
                onIdleLoss?()
                onIdleLoss = nil
                return
            }
            return
        }
        flush()
        receive()
    }

    /// A server that shuts down sends a FATAL error to idle sessions before it closes them.
    private func serverHasLeft(_ handle: OpaquePointer) -> Bool {
        guard PQisBusy(handle) == 0, let result = PQgetResult(handle) else { return false }
        defer { PQclear(result) }
        return postgresError(of: result) != nil
    }

    private func flush() {
        guard let handle else { return }
        let left = PQflush(handle)
        guard left >= 0 else { return fail(lost(handle)) }
        guard (left == 1) != isWaitingToWrite else { return }
        isWaitingToWrite = left == 1
        EventLoop.rewatch(descriptor, for: isWaitingToWrite ? [.read, .write] : .read)
    }

    private func receive() {
        guard let handle, let pipeline else { return }
        guard PQconsumeInput(handle) == 1 else { return fail(lost(handle)) }
        while PQisBusy(handle) == 0 {
            // A nil ends the results of one statement; the sync mark ends the pipeline.
            guard let result = PQgetResult(handle) else {
                if pipeline.endStatement() { continue }
                return fail(lost(handle))
            }
            if PQresultStatus(result) == PGRES_PIPELINE_SYNC {
                PQclear(result)
                for shape in pipeline.failedPreparations { prepared[shape] = nil }
                self.pipeline = nil
                return pipeline.finish()
            }
            pipeline.take(
                ResultTable(result), postgresError(of: result), PQresultStatus(result) == PGRES_PIPELINE_ABORTED)
        }
    }

    private func lost(_ handle: OpaquePointer) -> PostgresError {
        PostgresError(.unknownOutcome, message: String(cString: PQerrorMessage(handle)))
    }

    private func fail(_ error: PostgresError) {
        close()
        let pipeline = self.pipeline
        self.pipeline = nil
        pipeline?.abandon(error)
    }
}

/// A connected handle on its way from the thread that opened it to the loop.
struct ConnectedHandle: @unchecked Sendable {
    // Safety: the thread that opened the handle passes it on and never uses it again.
    let pointer: OpaquePointer
}
