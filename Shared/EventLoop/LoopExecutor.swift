internal import CSystem
import Glibc
import Synchronization

/// The single thread that runs everything isolated to ``EventLoop``: ready descriptors, due timers and Swift jobs.
///
/// Jobs enqueued from the loop itself need no system call; from other threads one `eventfd` write wakes the loop, and
/// only if no wake-up is pending. As a task executor it runs the same jobs as for the actor: see
/// `EventLoop+Tasks.swift`.
final class LoopExecutor: SerialExecutor, TaskExecutor, @unchecked Sendable {
    // Safety: `inbox` is guarded by its mutex. Only the loop's own thread uses the rest, except `thread`, which is
    // written once before `start` returns.
    private struct Inbox {
        var jobs: [UnownedJob] = []
        var isWakePending = false
    }

    private let inbox = Mutex(Inbox())
    private let wakeDescriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    private let poller = epoll_create1(Int32(EPOLL_CLOEXEC))
    private var thread = pthread_t()
    private var local: [UnownedJob] = []
    private var watches: [Int32: DescriptorWatch] = [:]
    private var retired: [DescriptorWatch] = []
    var timers = TimerHeap()

    var isCurrent: Bool { pthread_equal(pthread_self(), thread) != 0 }

    /// Starts the thread and returns once it runs.
    func start() {
        precondition(wakeDescriptor >= 0 && poller >= 0, "the event loop needs an eventfd and an epoll descriptor")
        let ready = sem()
        let context = Unmanaged.passRetained(Boot(executor: self, ready: ready))
        var created = pthread_t()
        let code = pthread_create(
            &created, nil,
            { argument in
                guard let argument else { return nil }
                let boot = Unmanaged<Boot>.fromOpaque(argument).takeRetainedValue()
                boot.executor.thread = pthread_self()
                sem_post(boot.ready)
                boot.executor.run()
            }, context.toOpaque())
        precondition(code == 0, "the event loop's thread could not be created")
        sem_wait(ready)
        sem_destroy(ready)
        ready.deallocate()
    }

    private func sem() -> UnsafeMutablePointer<sem_t> {
        let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
        sem_init(semaphore, 0, 0)
        return semaphore
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        guard !isCurrent else {
            local.append(job)
            return
        }
        let mustWake = inbox.withLock { inbox in
            inbox.jobs.append(job)
            defer { inbox.isWakePending = true }
            return !inbox.isWakePending
        }
        if mustWake { eventfd_write(wakeDescriptor, 1) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
    func checkIsolated() { precondition(isCurrent, "this code runs on the event loop only") }
    func isIsolatingCurrentContext() -> Bool? { isCurrent }

    private func run() -> Never {
        control(EPOLL_CTL_ADD, wakeDescriptor, EPOLLIN.rawValue)
        let capacity = 256
        let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: capacity)
        while true {
            let count = epoll_wait(poller, events, Int32(capacity), waitMilliseconds())
            for index in 0..<max(0, Int(count)) { dispatch(events[index]) }
            runDueTimers()
            takeInbox()
            drain()
            retired.removeAll(keepingCapacity: true)
        }
    }

    private func dispatch(_ event: epoll_event) {
        if event.data.fd == wakeDescriptor {
            var value: eventfd_t = 0
            eventfd_read(wakeDescriptor, &value)
        } else if let watch = watches[event.data.fd] {
            watch.handler(DescriptorEvents(rawValue: event.events))
        }
    }

    private func takeInbox() {
        let arrived = inbox.withLock { inbox in
            inbox.isWakePending = false
            return exchange(&inbox.jobs, with: [])
        }
        local.append(contentsOf: arrived)
    }

    /// Runs the ready jobs, and those that they make ready, for a bounded number of rounds, so that descriptors get
    /// their turn.
    private func drain() {
        for _ in 0..<16 where !local.isEmpty {
            let jobs = exchange(&local, with: [])
            for job in jobs {
                job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
            }
        }
    }

    private func waitMilliseconds() -> Int32 {
        guard local.isEmpty else { return 0 }
        guard let next = timers.nextDeadline else { return -1 }
        let left = next - ContinuousClock.now
        guard left > .zero else { return 0 }
        return Int32(
            clamping: left / .milliseconds(1) >= 1e9 ? 1_000_000_000 : Int64((left / .milliseconds(1)).rounded(.up)))
    }

    func watch(_ descriptor: Int32, _ events: DescriptorEvents, _ handler: @escaping (DescriptorEvents) -> Void) {
        checkIsolated()
        let isNew =
            watches.updateValue(DescriptorWatch(handler: handler), forKey: descriptor).map { retired.append($0) } == nil
        control(isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, events.rawValue)
    }

    func modify(_ descriptor: Int32, _ events: DescriptorEvents) {
        checkIsolated()
        control(EPOLL_CTL_MOD, descriptor, events.rawValue)
    }

    func unwatch(_ descriptor: Int32) {
        checkIsolated()
        guard let watch = watches.removeValue(forKey: descriptor) else { return }
        // A handler may remove itself: its closure must outlive this turn.
        retired.append(watch)
        control(EPOLL_CTL_DEL, descriptor, 0)
    }

    private func control(_ operation: Int32, _ descriptor: Int32, _ events: UInt32) {
        var event = epoll_event(events: events, data: epoll_data_t(fd: descriptor))
        _ = epoll_ctl(poller, operation, descriptor, &event)
    }
}

private final class Boot {
    let executor: LoopExecutor
    let ready: UnsafeMutablePointer<sem_t>
    init(executor: LoopExecutor, ready: UnsafeMutablePointer<sem_t>) { (self.executor, self.ready) = (executor, ready) }
}

private final class DescriptorWatch {
    let handler: (DescriptorEvents) -> Void
    init(handler: @escaping (DescriptorEvents) -> Void) { self.handler = handler }
}

/// Replaces `value` and returns the old one.
private func exchange<T>(_ value: inout T, with other: T) -> T {
    let old = value
    value = other
    return old
}
