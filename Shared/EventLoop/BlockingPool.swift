import Glibc
import Synchronization

/// Threads for work that blocks or computes for long: password hashing, file access, name resolution.
///
/// The pool bounds its threads and its waiting calls; a call beyond the bound fails at once.
package final class BlockingPool: Sendable {
    /// All threads are busy and the most calls wait already.
    package struct Saturated: Error {}

    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var idle = 0
        var threads = 0
    }

    private let state = Mutex(State())
    private let semaphore: SemaphoreBox
    private let threadLimit: Int
    private let waitingLimit: Int

    /// A pool of at most `threads` threads, started on demand, and at most `waiting` waiting calls.
    package init(threads: Int, waiting: Int) {
        threadLimit = threads
        waitingLimit = waiting
        semaphore = SemaphoreBox()
    }

    /// Runs `body` on a thread of the pool while the caller is suspended. Throws what `body` throws, or ``Saturated``.
    package func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            let accepted = submit { continuation.resume(with: Result { try body() }) }
            if !accepted { continuation.resume(throwing: Saturated()) }
        }
    }

    private func submit(_ job: @escaping @Sendable () -> Void) -> Bool {
        let (accepted, mustSpawn) = state.withLock { state in
            guard state.waiting.count < waitingLimit else { return (false, false) }
            state.waiting.append(job)
            let mustSpawn = state.idle < state.waiting.count && state.threads < threadLimit
            if mustSpawn { state.threads += 1 }
            return (true, mustSpawn)
        }
        if mustSpawn { spawn() }
        if accepted { semaphore.post() }
        return accepted
    }

    private func spawn() {
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<BlockingPool>.fromOpaque(argument).takeRetainedValue().work()
            }, Unmanaged.passRetained(self).toOpaque())
        precondition(code == 0, "a thread for blocking work could not be created")
        pthread_detach(thread)
    }

    private func work() -> Never {
        while true {
            state.withLock { $0.idle += 1 }
            semaphore.wait()
            let job = state.withLock { state in
                state.idle -= 1
                return state.waiting.isEmpty ? nil : state.waiting.removeFirst()
            }
            job?()
        }
    }
}

/// A counting semaphore at a fixed address.
private final class SemaphoreBox: Sendable {
    // Safety: sem_post and sem_wait may be called from any thread.
    nonisolated(unsafe) private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        semaphore = .allocate(capacity: 1)
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func post() { sem_post(semaphore) }
    func wait() { while sem_wait(semaphore) != 0 {} }
}
