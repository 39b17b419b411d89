/// A part of a process that runs as long as the process does: a listener, a consumer, a periodic job.
package protocol Service: Sendable {
    /// Its name in logs and errors.
    var name: String { get }

    /// Starts, calls ``signalReady()`` as soon as it serves, works until `GracefulShutdown.current` is requested,
    /// finishes what it holds and returns. It runs on the event loop. Returning unasked, or throwing, brings its whole
    /// group down.
    func run() async throws
}

extension Service {
    /// Tells the group that this service serves, so that the next one may start. To be called from within ``run()``.
    package func signalReady() { ReadySignal.current.send() }
}

/// What ``Service/signalReady()`` calls: set by the group for the task of each service.
///
/// A structure around the function, because Swift 6.3 optimises a task-local value of a function type into a crash.
struct ReadySignal: Sendable {
    @TaskLocal static var current = ReadySignal {}

    let send: @Sendable () -> Void
}
