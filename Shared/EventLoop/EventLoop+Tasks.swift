/// How tasks of the loop begin. Such a task prefers the loop's executor: whatever resumes it enqueues it on the loop
/// itself. A task that began in another way is resumed by a thread of Swift's pool, which then hands it over to the loop.
extension EventLoop {
    /// Runs `body` as part of the calling task, which is one of the loop as long as it takes.
    package static func run<T: Sendable>(_ body: @EventLoop () async throws -> T) async rethrows -> T {
        try await withTaskExecutorPreference(executor, operation: body)
    }

    /// Begins `body` in the next turn of the loop, behind what was begun before. May be called from anywhere.
    @discardableResult
    package static func start<T: Sendable>(
        name: String? = nil, _ body: @escaping @EventLoop () async -> T
    ) -> Task<T, Never> {
        Task(name: name, executorPreference: executor, operation: body)
    }

    /// Begins a `body` that may throw, in the same way.
    @discardableResult
    package static func start<T: Sendable>(
        name: String? = nil, _ body: @escaping @EventLoop () async throws -> T
    ) -> Task<T, any Error> {
        Task(name: name, executorPreference: executor, operation: body)
    }
}
