internal import EventLoop

/// The statements of one pipeline and their results so far.
@EventLoop
final class Pipeline {
    enum Step {
        /// The statement that is being prepared.
        case prepare(SQL.Shape)
        case query
    }

    private let steps: [Step]
    private var position = 0
    private var answers: [ResultTable] = []
    private var error: PostgresError?
    /// An error after the last statement: the transaction was refused as a whole, by a deferred constraint for example.
    private var commitError: PostgresError?
    private var sawEndOfCommit = false
    private let end = Promise<Void>()
    private(set) var failedPreparations: [SQL.Shape] = []
    private var sawResult = false

    init(_ steps: [Step]) { self.steps = steps }

    func take(_ result: ResultTable, _ failure: PostgresError?, _ isAborted: Bool) {
        guard position < steps.count else {
            commitError = commitError ?? failure
            return
        }
        sawResult = true
        if let failure, error == nil { error = failure }
        switch steps[position] {
        case .prepare(let shape): if failure != nil || isAborted { failedPreparations.append(shape) }
        case .query: answers.append(result)
        }
    }

    /// Ends the results of one statement. Returns false if none was expected: then the protocol is out of step.
    func endStatement() -> Bool {
        guard position < steps.count else {
            defer { sawEndOfCommit = true }
            return commitError != nil && !sawEndOfCommit
        }
        guard sawResult else { return false }
        sawResult = false
        position += 1
        return true
    }

    /// The server has answered everything.
    func finish() {
        error = error ?? commitError
        end.fulfil()
    }

    /// The session was lost. A statement that had failed before has undone the transaction, which is then certain.
    func abandon(_ failure: PostgresError) {
        error = error ?? failure
        end.fulfil()
    }

    func finished() async { await end.fulfilment() }

    /// Returns the rows of each query; throws the first error of the pipeline.
    func rows() throws -> [[Row]] {
        if let error { throw error }
        return answers.map(\.rows)
    }
}
