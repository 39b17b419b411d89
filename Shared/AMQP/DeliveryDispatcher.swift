internal import EventLoop

/// What the dispatcher sends to the connection thread.
enum ConsumerCommand: Sendable {
    case settle(Delivery, epoch: Int, Verdict)
    /// No handler runs and none will start.
    case finish
}

/// Runs the handlers: one at a time for each queue, with all its waiting deliveries.
@EventLoop
final class DeliveryDispatcher {
    /// The waiting deliveries of one queue whose handler is running. The prefetch bounds them.
    private struct Lane {
        var waiting: [(delivery: Delivery, epoch: Int)] = []
        var isRunning = false
    }

    private let handler: AMQPConsumer.Handler
    private let commands: RequestQueue<ConsumerCommand>
    private var lanes: [String: Lane] = [:]
    private var isStopped = false

    nonisolated init(handler: @escaping AMQPConsumer.Handler, commands: RequestQueue<ConsumerCommand>) {
        (self.handler, self.commands) = (handler, commands)
    }

    /// Accepts deliveries in the order in which the broker sent them.
    func dispatch(_ deliveries: [Delivery], _ epoch: Int) {
        for delivery in deliveries {
            lanes[delivery.queue, default: Lane()].waiting.append((delivery, epoch))
        }
        for (queue, lane) in lanes where !lane.isRunning && !lane.waiting.isEmpty {
            lanes[queue]?.isRunning = true
            EventLoop.start { await self.run(queue) }
        }
    }

    /// Drops deliveries of a lost connection that no handler has started: the broker delivers them again.
    func forget(before epoch: Int) {
        for queue in lanes.keys { lanes[queue]?.waiting.removeAll { $0.epoch < epoch } }
    }

    /// Starts no more handlers.
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
                // Refused only when the thread and its connection have ended: the message is back in its queue.
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
