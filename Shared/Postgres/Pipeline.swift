internal import EventLoop

/// The statements of one pipeline and their results so far.
@EventLoop
final class Pipeline {
    enum Step {
        /// The statement text that is being prepared.
        case prepare(String)
        case query
    }

    private let steps: [Step]
    private var position = 0
    private var answers: [ResultTable] = []
    private var error: PostgresError?
    private let end = Promise<Void>()
    private(set) var failedPreparations: [String] = []
    private var sawResult = false

    init(_ steps: [Step]) { self.steps = steps }

    func take(_ result: ResultTable, _ failure: PostgresError?, _ isAborted: Bool) {
        guard position < steps.count else { return }
        sawResult = true
        if let failure, error == nil { error = failure }
        switch steps[position] {
        case .prepare(let text): if failure != nil || isAborted { failedPreparations.append(text) }
        case .query: answers.append(result)
        }
    }

    /// Ends the results of one statement. Returns false if none was expected: then the protocol is out of step.
    func endStatement() -> Bool {
        guard sawResult, position < steps.count else { return false }
        sawResult = false
        position += 1
        return true
    }

    func finish(_ failure: PostgresError? = nil) {
        if let failure { error = failure }
        end.fulfil()
    }

    func finished() async { await end.fulfilment() }

    /// Returns the rows of each query; throws the first error of the pipeline.
    func rows() throws -> [[Row]] {
        if let error { throw error }
        return answers.map(\.rows)
    }
}
