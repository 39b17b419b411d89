package import EventLoop
import Glibc

/// The socket of a connection that has left libmicrohttpd: it speaks another protocol from now on, or its answer has no
/// known end.
///
/// It is a duplicate of the descriptor that libmicrohttpd has closed, so that library's buffers, 32 KiB for each connection,
/// are free. It is non-blocking, sends at once, and counts as one of the server's connections until ``close()``.
@EventLoop
package final class DetachedSocket {
    /// To be watched on the event loop and not to be closed; ``close()`` does that.
    package let descriptor: Int32
    /// What the client sent behind its request.
    package let received: [UInt8]
    /// Called when the server drains: the protocol should say goodbye and close the socket.
    package var onDrain: (@EventLoop () -> Void)?
    /// Called when the server stops: the socket must be closed at once.
    package var onStop: (@EventLoop () -> Void)?

    /// Nil once closed.
    private var owner: DetachedSockets?

    /// Returns nil if the process has no descriptor left.
    init?(of descriptor: Int32, received: [UInt8], owner: DetachedSockets) {
        let duplicate = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard duplicate >= 0 else { return nil }
        (self.descriptor, self.received, self.owner) = (duplicate, received, owner)
        _ = fcntl(duplicate, F_SETFL, fcntl(duplicate, F_GETFL) | O_NONBLOCK)
        // libmicrohttpd leaves a socket as its last answer wanted it: events must not wait for the acknowledgement of
        // those before.
        var (yes, no): (Int32, Int32) = (1, 0)
        setsockopt(duplicate, Int32(IPPROTO_TCP), TCP_CORK, &no, socklen_t(MemoryLayout<Int32>.size))
        setsockopt(duplicate, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    }

    /// True until ``close()``.
    package var isOpen: Bool { owner != nil }

    func end() {
        onStop?()
        close()
    }

    /// Closes the socket. It must no longer be watched, and its descriptor is invalid from here on.
    package func close() {
        guard let owner else { return }
        self.owner = nil
        (onDrain, onStop) = (nil, nil)
        Glibc.close(descriptor)
        owner.closed(descriptor)
    }
}
