internal import EventLoop

/// What the handlers tell the connection's thread.
enum ConsumerCommand: Sendable {
    case settle(Delivery, epoch: Int, Verdict)
    /// No handler runs and none will.
    case finish
}

/// Runs the handlers: one at a time for each queue, with all that waits of it.
@EventLoop
final class DeliveryDispatcher {
    /// The deliveries of one queue that wait for the one that is being handled. The prefetch bounds them.
    private struct Lane {
        var waiting: [(delivery: Delivery, epoch: Int)] = []
        var isRunning = false
    }

    private let handler: AMQPConsumer.Handler
    private let commands: Inbox<ConsumerCommand>
    private var lanes: [String: Lane] = [:]
    private var isStopped = false

    nonisolated init(handler: @escaping AMQPConsumer.Handler, commands: Inbox<ConsumerCommand>) {
        (self.handler, self.commands) = (handler, commands)
    }

    /// Takes deliveries in the order in which the broker sent them.
    func dispatch(_ deliveries: [Delivery], _ epoch: Int) {
        for delivery in deliveries {
            lanes[delivery.queue, default: Lane()].waiting.append((delivery, epoch))
        }
        for (queue, lane) in lanes where !lane.isRunning && !lane.waiting.isEmpty {
            lanes[queue]?.isRunning = true
            EventLoop.start { await self.run(queue) }
        }
    }

    /// Lets go of what a lost connection delivered and no handler has begun: it will be delivered again.
    func forget(before epoch: Int) {
        for queue in lanes.keys { lanes[queue]?.waiting.removeAll { $0.epoch < epoch } }
    }

    /// Begins no handler any more.
    func stop() {
        isStopped = true
        finishWhenIdle()
    }

    private func finishWhenIdle() {
        guard isStopped, !lanes.values.contains(where: \.isRunning) else { return }
        _ = commands.append(.finish)
    }

    private func run(_ queue: String) async {
        while !isStopped, let batch = takeWaiting(queue) {
            let verdicts = await handler(batch.map(\.delivery))
            precondition(verdicts.count == batch.count, "each delivery needs a verdict")
            for (taken, verdict) in zip(batch, verdicts) {
                // Refused only when the thread has ended, and the connection with it: the message is back in its queue.
                _ = commands.append(.settle(taken.delivery, epoch: taken.epoch, verdict))
            }
        }
        lanes[queue]?.isRunning = false
        finishWhenIdle()
    }

    private func takeWaiting(_ queue: String) -> [(delivery: Delivery, epoch: Int)]? {
        guard let waiting = lanes[queue]?.waiting, !waiting.isEmpty else { return nil }
        lanes[queue]?.waiting = []
        return waiting
    }
}
