internal import CSystem
import EventLoop
import Glibc
import Synchronization

/// SIGTERM and SIGINT: the first asks for a graceful shutdown, the second ends the process at once.
///
/// A handler and an `eventfd` rather than a `signalfd`: that needs the signals blocked in every thread, and the runtime
/// starts threads that unblock them.
@EventLoop
enum TerminationSignals {
    /// From now on, for the life of the process, the first signal requests `shutdown`.
    static func request(_ shutdown: GracefulShutdown) {
        let descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        precondition(descriptor >= 0, "signals need an eventfd")
        wakeDescriptor.store(descriptor, ordering: .sequentiallyConsistent)
        EventLoop.watch(descriptor, for: .read) { _ in
            EventLoop.unwatch(descriptor)
            shutdown.request()
        }
        // At least this thread must take them: whoever started it may have had them blocked.
        var taken = sigset_t()
        sigemptyset(&taken)
        for signal in [SIGTERM, SIGINT] {
            sigaddset(&taken, signal)
            var action = sigaction()
            action.__sigaction_handler.sa_handler = receive
            action.sa_flags = Int32(SA_RESTART)
            sigaction(signal, &action, nil)
        }
        pthread_sigmask(SIG_UNBLOCK, &taken, nil)
    }
}

private let wakeDescriptor = Atomic<Int32>(-1)
private let isSecond = Atomic<Bool>(false)

/// Runs on whichever thread the signal hits: nothing but async-signal-safe calls. Exits from here, not from the loop,
/// for a second signal is sent when the loop hangs.
private func receive(_ signal: Int32) {
    guard !isSecond.exchange(true, ordering: .sequentiallyConsistent) else { _exit(128 + signal) }
    let savedError = errno
    eventfd_write(wakeDescriptor.load(ordering: .sequentiallyConsistent), 1)
    errno = savedError
}
