internal import CSystem
import EventLoop
import Glibc
import Synchronization

/// SIGTERM and SIGINT: the first signal requests a graceful shutdown, the second ends the process at once.
///
/// A handler and an `eventfd` instead of a `signalfd`: a `signalfd` needs the signals blocked in every thread, and the
/// runtime starts threads that unblock them.
@EventLoop
enum TerminationSignals {
    /// Requests `shutdown` on the first signal, from now on and for the life of the process.
    static func request(_ shutdown: GracefulShutdown) {
        let descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        precondition(descriptor >= 0, "signals need an eventfd")
        wakeDescriptor.store(descriptor, ordering: .sequentiallyConsistent)
        EventLoop.watch(descriptor, for: .read) { _ in
            EventLoop.unwatch(descriptor)
            shutdown.request()
        }
        // The parent process may have blocked the signals, so unblock them in this thread at least.
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

/// Runs on the thread that receives the signal: only async-signal-safe calls. A second signal exits from here, not from
/// the loop, because it is sent when the loop hangs.
private func receive(_ signal: Int32) {
    guard !isSecond.exchange(true, ordering: .sequentiallyConsistent) else { _exit(128 + signal) }
    let savedError = errno
    eventfd_write(wakeDescriptor.load(ordering: .sequentiallyConsistent), 1)
    errno = savedError
}
