/// Computes answers so that equal questions share one run. A question is never answered by a run that began before it was
/// asked: those that arrive during a run are answered together by the next one. So no answer is older than its question.
@EventLoop
package final class JointRuns<Question: Hashable & Sendable, Answer: Sendable> {
    private var running: [Question: Task<Answer, any Error>] = [:]
    /// Runs that begin when the one of the same question under way has ended.
    private var next: [Question: Task<Answer, any Error>] = [:]

    /// Starts without any runs.
    package nonisolated init() {}

    /// The answer of a run that begins after this call. All works of a question must do the same.
    ///
    /// Throws what the run throws, to all that share it.
    package func answer(
        to question: Question, _ work: @escaping @EventLoop @Sendable () async throws -> Answer
    ) async throws -> Answer {
        if let run = next[question] { return try await run.value }
        let earlier = running[question]
        let run = EventLoop.start { [self] in
            if let earlier {
                _ = await earlier.result
                (running[question], next[question]) = (next[question], nil)
            }
            defer { if next[question] == nil { running[question] = nil } }
            return try await work()
        }
        if earlier == nil { running[question] = run } else { next[question] = run }
        return try await run.value
    }
}
