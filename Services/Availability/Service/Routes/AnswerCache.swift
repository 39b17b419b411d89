import EventLoop
import Primitives

/// Keeps answers for a short time, so that many equal questions are computed once. Equal questions that arrive while
/// the answer is being computed wait for it.
@EventLoop
final class AnswerCache<Question: Hashable & Sendable, Answer: Sendable> {
    private struct Kept {
        let answer: Answer
        let end: ContinuousClock.Instant
    }

    private let lifetime: Duration
    private let limit: Int
    private var kept: [Question: Kept] = [:]
    private var running: [Question: Task<Answer, any Error>] = [:]

    /// - Parameters:
    ///   - lifetime: how long an answer is kept, give or take a quarter, so that not all expire at once.
    ///   - limit: how many are kept.
    init(lifetime: Duration, limit: Int = 4096) { (self.lifetime, self.limit) = (lifetime, limit) }

    /// The answer that is kept, or the one that `work` computes; and whether it was kept.
    func answer(
        to question: Question, _ work: @escaping @EventLoop @Sendable () async throws -> Answer
    ) async throws -> (answer: Answer, wasKept: Bool) {
        let now = ContinuousClock.now
        if let found = kept[question], found.end > now { return (found.answer, true) }
        if let task = running[question] { return (try await task.value, true) }
        let task = EventLoop.start { [self] in
            defer { running[question] = nil }
            return try await work()
        }
        running[question] = task
        let answer = try await task.value
        if kept.count < limit { keep(answer, to: question, for: lifetime * Double.random(in: 0.75...1.25)) }
        return (answer, false)
    }

    /// Answers may be large: each is removed as soon as it expires.
    private func keep(_ answer: Answer, to question: Question, for lifetime: Duration) {
        kept[question] = Kept(answer: answer, end: .now + lifetime)
        EventLoop.schedule(after: lifetime) { [weak self] in
            guard let self, let found = kept[question], found.end <= .now else { return }
            kept[question] = nil
        }
    }
}
