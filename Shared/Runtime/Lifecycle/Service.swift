/// A part of a process that runs as long as the process: a listener, a consumer, a periodic job.
package protocol Service: Sendable {
    /// Its name in logs and errors.
    var name: String { get }

    /// Starts, calls ``signalReady()`` as soon as it serves, works until `GracefulShutdown.current` is requested,
    /// finishes its work and returns. It runs on the event loop. If it returns early or throws, its whole group stops.
    func run() async throws
}

extension Service {
    /// Signals that this service serves, so that the next one can start. Call it from within ``run()``.
    package func signalReady() { ReadySignal.current.send() }
}

/// The function that ``Service/signalReady()`` calls: set by the group for the task of each service.
///
/// It is a structure around the function because Swift 6.3 miscompiles a task-local value of function type, which
/// crashes.
struct ReadySignal: Sendable {
    @TaskLocal static var current = ReadySignal {}

    let send: @Sendable () -> Void
}
