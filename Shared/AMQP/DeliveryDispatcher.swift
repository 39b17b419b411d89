internal import EventLoop

/// A verdict on its way to the connection's thread.
struct Settlement: Sendable {
    let delivery: Delivery
    let epoch: Int
    let verdict: Verdict
}

/// Runs the handlers: one at a time for each queue.
@EventLoop
final class DeliveryDispatcher {
    /// The deliveries of one queue that wait for the one that is being handled. The prefetch bounds them.
    private struct Lane {
        var waiting: [(delivery: Delivery, epoch: Int)] = []
        var isRunning = false
    }

    private let handler: AMQPConsumer.Handler
    private let settlements: Inbox<Settlement>
    private var lanes: [String: Lane] = [:]
    private var isDraining = false
    private var drained: [CheckedContinuation<Void, Never>] = []

    nonisolated init(handler: @escaping AMQPConsumer.Handler, settlements: Inbox<Settlement>) {
        (self.handler, self.settlements) = (handler, settlements)
    }

    /// Takes deliveries in the order in which the broker sent them.
    func dispatch(_ deliveries: [Delivery], _ epoch: Int) {
        for delivery in deliveries {
            lanes[delivery.queue, default: Lane()].waiting.append((delivery, epoch))
        }
        for (queue, lane) in lanes where !lane.isRunning && !lane.waiting.isEmpty {
            lanes[queue]?.isRunning = true
            Task.immediate { @EventLoop in await self.run(queue) }
        }
    }

    /// Lets go of what a lost connection delivered and no handler has begun: it will be delivered again.
    func forget(before epoch: Int) {
        for queue in lanes.keys { lanes[queue]?.waiting.removeAll { $0.epoch < epoch } }
    }

    /// Returns when no handler runs; none will.
    func drain() async {
        isDraining = true
        guard lanes.values.contains(where: \.isRunning) else { return }
        await withCheckedContinuation { drained.append($0) }
    }

    private func run(_ queue: String) async {
        while !isDraining, let (delivery, epoch) = takeNext(queue) {
            let verdict = await handler(delivery)
            // Refused only when the thread has ended, and the connection with it: the message is back in its queue.
            _ = settlements.append(Settlement(delivery: delivery, epoch: epoch, verdict: verdict))
        }
        lanes[queue]?.isRunning = false
        guard isDraining, !lanes.values.contains(where: \.isRunning) else { return }
        for continuation in drained { continuation.resume() }
        drained = []
    }

    private func takeNext(_ queue: String) -> (delivery: Delivery, epoch: Int)? {
        guard lanes[queue]?.waiting.isEmpty == false else { return nil }
        return lanes[queue]?.waiting.removeFirst()
    }
}
