/// Starting tasks on the loop. Such a task prefers the loop's executor, so it is always resumed directly on the loop.
/// Other tasks are resumed by a thread of Swift's pool first, which then passes them to the loop.
extension EventLoop {
    /// Runs `body` as part of the calling task, which meanwhile prefers the loop's executor.
    package static func run<T: Sendable>(_ body: @EventLoop () async throws -> T) async rethrows -> T {
        try await withTaskExecutorPreference(executor, operation: body)
    }

    /// Starts `body` in the next turn of the loop, after everything that was started before. Call it from any thread.
    @discardableResult
    package static func start<T: Sendable>(
        name: String? = nil, _ body: @escaping @EventLoop () async -> T
    ) -> Task<T, Never> {
        Task(name: name, executorPreference: executor, operation: body)
    }

    /// The same for a `body` that may throw.
    @discardableResult
    package static func start<T: Sendable>(
        name: String? = nil, _ body: @escaping @EventLoop () async throws -> T
    ) -> Task<T, any Error> {
        Task(name: name, executorPreference: executor, operation: body)
    }
}
