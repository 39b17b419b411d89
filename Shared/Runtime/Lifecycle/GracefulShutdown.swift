package import EventLoop

/// The wish that something finish what it holds and return. It is not cancellation: that means to drop everything.
///
///     while await !GracefulShutdown.current.wait(atMost: .seconds(5)) { await expireHolds() }
@EventLoop
package final class GracefulShutdown {
    /// True once it was asked for, and for ever after.
    package private(set) var isRequested = false

    private var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    private var lastWaiter = 0

    /// A wish that nobody has uttered yet.
    nonisolated package init() {}

    /// Asks for it. A second time changes nothing.
    package func request() {
        isRequested = true
        let all = waiters
        waiters = [:]
        for (_, waiter) in all.sorted(by: { $0.key < $1.key }) { waiter.resume() }
    }

    /// Suspends until it is requested, or until the task is cancelled.
    package func wait() async {
        lastWaiter += 1
        await suspend(lastWaiter)
    }

    /// Suspends as ``wait()`` does, but no longer than `limit`. True when it is time to finish.
    package func wait(atMost limit: Duration) async -> Bool {
        lastWaiter += 1
        let waiter = lastWaiter
        let timer = EventLoop.schedule(after: limit) { self.release(waiter) }
        await suspend(waiter)
        timer.cancel()
        return isRequested || Task.isCancelled
    }

    private func suspend(_ waiter: Int) async {
        guard !isRequested else { return }
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiters[waiter] = $0 }
        } onCancel: {
            // Never before the continuation is in its place: this task is enqueued behind the code above.
            Task { @EventLoop in self.release(waiter) }
        }
    }

    private func release(_ waiter: Int) { waiters.removeValue(forKey: waiter)?.resume() }
}

nonisolated extension GracefulShutdown {
    /// The one that the running task must heed: a service's own, inside a ``ServiceGroup``. Outside of any it is never
    /// requested.
    @TaskLocal package static var current = GracefulShutdown()
}
