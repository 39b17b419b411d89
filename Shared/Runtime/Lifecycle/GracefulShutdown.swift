package import EventLoop

/// The wish that something finish what it holds and return. It is not cancellation: that means to drop everything.
///
///     while await !GracefulShutdown.current.wait(atMost: .seconds(5)) { await expireHolds() }
@EventLoop
package final class GracefulShutdown {
    /// True once it was asked for, and for ever after.
    package private(set) var isRequested = false

    private var waiters: [Promise<Void>] = []

    /// A wish that nobody has uttered yet.
    nonisolated package init() {}

    /// Asks for it. A second time changes nothing.
    package func request() {
        isRequested = true
        for waiter in waiters { waiter.keep() }
    }

    /// Suspends until it is requested, or until the task is cancelled.
    package func wait() async { await suspend(Promise()) }

    /// Suspends as ``wait()`` does, but no longer than `limit`. True when it is time to finish.
    package func wait(atMost limit: Duration) async -> Bool {
        let waiter = Promise<Void>()
        let timer = EventLoop.schedule(after: limit) { waiter.keep() }
        await suspend(waiter)
        timer.cancel()
        return isRequested || Task.isCancelled
    }

    private func suspend(_ waiter: Promise<Void>) async {
        guard !isRequested else { return }
        waiters.append(waiter)
        defer { waiters.removeAll { $0 === waiter } }
        await withTaskCancellationHandler {
            await waiter.kept()
        } onCancel: {
            EventLoop.start { waiter.keep() }
        }
    }
}

nonisolated extension GracefulShutdown {
    /// The one that the running task must heed: a service's own, inside a ``ServiceGroup``. Outside of any it is never
    /// requested.
    @TaskLocal package static var current = GracefulShutdown()
}
