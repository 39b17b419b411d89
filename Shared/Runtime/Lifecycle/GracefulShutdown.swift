package import EventLoop

/// A request to finish the work in progress and return. Cancellation, in contrast, means to drop everything.
///
///     while await !GracefulShutdown.current.wait(atMost: .seconds(5)) { await expireHolds() }
@EventLoop
package final class GracefulShutdown {
    /// True once the shutdown was requested, and from then on.
    package private(set) var isRequested = false

    private var waiters: [Promise<Void>] = []

    /// Not yet requested.
    nonisolated package init() {}

    /// Requests the shutdown. Further calls have no effect.
    package func request() {
        isRequested = true
        for waiter in waiters { waiter.fulfil() }
    }

    /// Suspends until the shutdown is requested or the task is cancelled.
    package func wait() async { await suspend(Promise()) }

    /// Suspends as ``wait()`` does, at most for `limit`. Returns true if the shutdown was requested or the task
    /// cancelled.
    package func wait(atMost limit: Duration) async -> Bool {
        let waiter = Promise<Void>()
        let timer = EventLoop.schedule(after: limit) { waiter.fulfil() }
        await suspend(waiter)
        timer.cancel()
        return isRequested || Task.isCancelled
    }

    private func suspend(_ waiter: Promise<Void>) async {
        guard !isRequested else { return }
        waiters.append(waiter)
        defer { waiters.removeAll { $0 === waiter } }
        await withTaskCancellationHandler {
            await waiter.fulfilment()
        } onCancel: {
            EventLoop.start { waiter.fulfil() }
        }
    }
}

nonisolated extension GracefulShutdown {
    /// The shutdown that applies to the running task: a service's own, inside a ``ServiceGroup``. Outside of any group
    /// it is never requested.
    @TaskLocal package static var current = GracefulShutdown()
}
