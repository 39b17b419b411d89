internal import EventLoop

/// The replies to commands that were sent together, as far as they have come.
@EventLoop
final class PendingReplies {
    typealias Answer = Result<RedisReply, RedisError>

    let count: Int
    let deadline: ContinuousClock.Instant
    /// What was sent next: replies come in the order of their commands.
    var next: PendingReplies?
    private var answers: [Answer] = []
    private let end = Promise<[Answer]>()

    init(count: Int, deadline: ContinuousClock.Instant) {
        self.count = count
        self.deadline = deadline
        answers.reserveCapacity(count)
    }

    var isComplete: Bool { answers.count == count }

    func take(_ answer: Answer) {
        answers.append(answer)
        if isComplete { end.keep(answers) }
    }

    /// What has not come yet has failed.
    func fail(_ error: RedisError) {
        answers += repeatElement(.failure(error), count: count - answers.count)
        end.keep(answers)
    }

    /// As many answers as there were commands, once all are there.
    func all() async -> [Answer] { isComplete ? answers : await end.kept() }
}
