import EventLoop
import Primitives

/// Answers to searches, kept for a fraction of a second: a rush of equal questions is worked out once. While an answer is
/// being worked out, whoever asks the same waits for it.
@EventLoop
final class AnswerCache<Question: Hashable & Sendable, Answer: Sendable> {
    private struct Kept {
        let answer: Answer
        let end: ContinuousClock.Instant
    }

    private let lifetime: Duration
    private let limit: Int
    private var kept: [Question: Kept] = [:]
    private var underWay: [Question: Task<Answer, any Error>] = [:]

    /// - Parameters:
    ///   - lifetime: how long an answer counts, give or take a quarter, lest all end at once.
    ///   - limit: how many are kept.
    init(lifetime: Duration, limit: Int = 4096) { (self.lifetime, self.limit) = (lifetime, limit) }

    /// The answer that is kept, or the one that `work` makes; and whether it was kept.
    func answer(
        to question: Question, _ work: @escaping @EventLoop @Sendable () async throws -> Answer
    ) async throws -> (answer: Answer, wasKept: Bool) {
        let now = ContinuousClock.now
        if let found = kept[question], found.end > now { return (found.answer, true) }
        if let task = underWay[question] { return (try await task.value, true) }
        let task = EventLoop.start { [self] in
            defer { underWay[question] = nil }
            return try await work()
        }
        underWay[question] = task
        let answer = try await task.value
        if kept.count < limit { keep(answer, to: question, for: lifetime * Double.random(in: 0.75...1.25)) }
        return (answer, false)
    }

    /// Answers may be large: none stays beyond its end.
    private func keep(_ answer: Answer, to question: Question, for lifetime: Duration) {
        kept[question] = Kept(answer: answer, end: .now + lifetime)
        EventLoop.schedule(after: lifetime) { [weak self] in
            guard let self, let found = kept[question], found.end <= .now else { return }
            kept[question] = nil
        }
    }
}
