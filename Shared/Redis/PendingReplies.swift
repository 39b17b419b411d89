internal import EventLoop

/// The replies to a batch of commands, as they arrive.
@EventLoop
final class PendingReplies {
    typealias Answer = Result<RedisReply, RedisError>

    let count: Int
    let deadline: ContinuousClock.Instant
    /// The next batch that was sent: replies come in the order of the commands.
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
        if isComplete { end.fulfil(answers) }
    }

    /// Fails every command that has no reply yet.
    func fail(_ error: RedisError) {
        answers += repeatElement(.failure(error), count: count - answers.count)
        end.fulfil(answers)
    }

    /// Returns one answer for each command, once all have arrived.
    func all() async -> [Answer] { isComplete ? answers : await end.fulfilment() }
}
