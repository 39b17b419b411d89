package import EventLoop

/// The services of a process, in the order of their dependencies.
///
/// Each one starts when the one before it is ready. When `GracefulShutdown.current` of the running task is requested,
/// or a service ends, they are drained in reverse order, one at a time, each with its deadline.
@EventLoop
package struct ServiceGroup {
    private let services: [any Service]
    private let configuration: LifecycleConfiguration
    private let readiness: Readiness
    private let logger: Logger

    /// A group that keeps the phase of `readiness` up to date.
    nonisolated package init(
        _ services: [any Service], configuration: LifecycleConfiguration, readiness: Readiness,
        logger: Logger = Logger("lifecycle")
    ) {
        (self.services, self.configuration) = (services, configuration)
        (self.readiness, self.logger) = (readiness, logger)
    }

    /// Returns when every service was drained on request; otherwise throws the first ``ServiceGroupError``, after
    /// draining the services that ran. Cancelling the task requests the drain, too.
    package func run() async throws {
        let run = GroupRun(services, configuration, readiness, logger)
        let shutdown = GracefulShutdown.current
        let relay = EventLoop.start {
            await shutdown.wait()
            run.post(.drainRequested)
        }
        defer { relay.cancel() }
        try await withTaskCancellationHandler {
            try await run.run()
        } onCancel: {
            relay.cancel()
        }
    }
}
