/// A call that the loop makes at a deadline. Cancelling is cheap: a cancelled timer is skipped when it is due, or released
/// with the others once most timers are cancelled.
@EventLoop
package final class LoopTimer {
    nonisolated let deadline: ContinuousClock.Instant
    private var body: (@EventLoop () -> Void)?

    init(deadline: ContinuousClock.Instant, body: @escaping @EventLoop () -> Void) {
        self.deadline = deadline
        self.body = body
    }

    /// Cancels the call and releases what it captured.
    package func cancel() {
        guard body != nil else { return }
        body = nil
        EventLoop.executor.timers.countCancelled { $0.body == nil }
    }

    func fire() {
        let body = self.body
        self.body = nil
        body?()
    }
}

/// Timers by deadline: a binary heap in an array.
struct TimerHeap {
    private var timers: [LoopTimer] = []
    /// How many were cancelled since the cancelled were last removed, at least as many as there are.
    private var cancelled = 0

    var nextDeadline: ContinuousClock.Instant? { timers.first?.deadline }

    mutating func insert(_ timer: LoopTimer) {
        timers.append(timer)
        var child = timers.count - 1
        while child > 0, timers[child].deadline < timers[(child - 1) / 2].deadline {
            timers.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// One more was cancelled. All that are, as `isCancelled` says, are removed when they are more than half: each would
    /// otherwise keep its memory until its deadline, long after the connection that it belonged to.
    mutating func countCancelled(_ isCancelled: (LoopTimer) -> Bool) {
        cancelled += 1
        guard cancelled > 64, cancelled > timers.count / 2 else { return }
        timers.removeAll(where: isCancelled)
        // What is sorted is a heap.
        timers.sort { $0.deadline < $1.deadline }
        cancelled = 0
    }

    mutating func popFirst(dueAt now: ContinuousClock.Instant) -> LoopTimer? {
        guard let first = timers.first, first.deadline <= now else { return nil }
        timers.swapAt(0, timers.count - 1)
        timers.removeLast()
        var parent = 0
        while true {
            let children = [2 * parent + 1, 2 * parent + 2].filter { $0 < timers.count }
            guard let least = children.min(by: { timers[$0].deadline < timers[$1].deadline }),
                timers[least].deadline < timers[parent].deadline
            else { return first }
            timers.swapAt(parent, least)
            parent = least
        }
    }
}

extension LoopExecutor {
    /// Fires the timers that are due now; those set meanwhile wait for the next turn.
    func runDueTimers() {
        guard timers.nextDeadline != nil else { return }
        let now = ContinuousClock.now
        while let timer = timers.popFirst(dueAt: now) { EventLoop.assumeIsolated { timer.fire() } }
    }
}
