package import EventLoop
import Glibc

/// Runs a program that consists of services.
///
///     @main struct Main {
///         static func main() async {
///             await ServiceProcess.run("booking") {
///                 var reader = ConfigurationReader()
///                 LogOutput.process.configure(&reader)
///                 let lifecycle = LifecycleConfiguration(&reader)
///                 let configuration = BookingConfiguration(&reader)
///                 try reader.check()
///                 try await build(configuration, lifecycle).run()
///             }
///         }
///     }
@EventLoop
package enum ServiceProcess {
    /// Runs `body` on the event loop and exits when it returns. SIGTERM and SIGINT request `GracefulShutdown.current`.
    /// An error becomes log lines and an ``ExitCode``, never a crash report. `service` is the name in the log lines.
    package static func run(_ service: String, _ body: @EventLoop () async throws -> Void) async -> Never {
        LogOutput.process.setService(service)
        // A closed peer must fail the write, not end the process.
        signal(SIGPIPE, SIG_IGN)
        let shutdown = GracefulShutdown()
        TerminationSignals.request(shutdown)
        let code = await exitCode(of: body, shutdown)
        // Not exit(): its handlers would tear down C libraries under running threads. The output of a command must
        // still be flushed.
        fflush(nil)
        _exit(code.rawValue)
    }

    private static func exitCode(
        of body: @EventLoop () async throws -> Void, _ shutdown: GracefulShutdown
    ) async -> ExitCode {
        let logger = Logger("process")
        do {
            try await GracefulShutdown.$current.withValue(shutdown) { try await EventLoop.run(body) }
            logger.info("stopped")
            return .success
        } catch let error as ConfigurationError {
            for fault in error.faults { logger.error(fault) }
            return error.exitCode
        } catch {
            logger.error("stopped by an error", [.error: String(describing: error)])
            return (error as? any ExitingError)?.exitCode ?? .software
        }
    }
}
