internal import CSystem
import Glibc

/// The global actor of a process: all its request handlers, database connections and timers run on one thread, so they
/// need no locks and no thread switches (`docs/adr/0001-one-event-loop.md`).
///
/// Code isolated to it must never block. Work that blocks or computes for more than a few milliseconds goes through
/// ``BlockingPool``.
@globalActor
package actor EventLoop {
    package static let shared = EventLoop()

    static let executor: LoopExecutor = {
        let executor = LoopExecutor()
        executor.start()
        return executor
    }()

    package nonisolated var unownedExecutor: UnownedSerialExecutor { Self.executor.asUnownedSerialExecutor() }

    /// True on the loop's own thread.
    package static var isCurrent: Bool { executor.isCurrent }

    /// Runs `body` as code of the loop, for C callbacks that are known to run on its thread; traps on any other thread.
    package static func assumeIsolated<T, E: Error>(_ body: @EventLoop () throws(E) -> T) throws(E) -> T {
        executor.checkIsolated()
        typealias Isolated = @EventLoop () throws(E) -> T
        typealias Plain = () throws(E) -> T
        // Safety: an isolated synchronous function has the representation of a plain one, and the check above
        // establishes the isolation. MainActor.assumeIsolated does the same.
        return try withoutActuallyEscaping(body) { (escaping: @escaping Isolated) throws(E) -> T in
            try unsafeBitCast(escaping, to: Plain.self)()
        }
    }

    /// Calls `handler` on the loop whenever `descriptor` is ready for one of `events`, until ``unwatch(_:)``.
    /// A second call for the same descriptor replaces the first.
    @EventLoop package static func watch(
        _ descriptor: Int32, for events: DescriptorEvents,
        _ handler: @escaping @EventLoop (DescriptorEvents) -> Void
    ) {
        executor.watch(descriptor, events) { ready in assumeIsolated { handler(ready) } }
    }

    /// Changes the events that a descriptor is watched for.
    @EventLoop package static func rewatch(_ descriptor: Int32, for events: DescriptorEvents) {
        executor.modify(descriptor, events)
    }

    /// Stops watching. Call it before closing the descriptor.
    @EventLoop package static func unwatch(_ descriptor: Int32) { executor.unwatch(descriptor) }

    /// Calls `body` on the loop once, after `delay`, unless the timer is cancelled first.
    @EventLoop @discardableResult
    package static func schedule(after delay: Duration, _ body: @escaping @EventLoop () -> Void) -> LoopTimer {
        let timer = LoopTimer(deadline: .now + delay, body: body)
        executor.timers.insert(timer)
        return timer
    }

    /// Suspends the task for `delay` without blocking a thread; throws `CancellationError` early if the task is
    /// cancelled.
    @EventLoop package static func sleep(for delay: Duration) async throws {
        let isOver = Promise<Bool>()
        let timer = schedule(after: delay) { isOver.fulfil(true) }
        defer { timer.cancel() }
        let isDone = await withTaskCancellationHandler {
            await isOver.fulfilment()
        } onCancel: {
            start { isOver.fulfil(false) }
        }
        if !isDone { throw CancellationError() }
    }
}

/// The events of a descriptor.
package struct DescriptorEvents: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Readable: data or end of file.
    package static let read = DescriptorEvents(rawValue: EPOLLIN.rawValue)
    /// Writable.
    package static let write = DescriptorEvents(rawValue: EPOLLOUT.rawValue)
    /// Error or hang-up; always reported, whether requested or not.
    package static let failure = DescriptorEvents(rawValue: EPOLLERR.rawValue | EPOLLHUP.rawValue)
}
