import CMicroHTTPD
package import EventLoop
import Glibc

/// The socket of a connection that left HTTP. It is non-blocking, and counts as one of the server's connections until
/// ``close()``.
@EventLoop
package final class UpgradedSocket {
    /// To be watched on the event loop and not to be closed; ``close()`` does that.
    package let descriptor: Int32
    /// What the client sent behind its request.
    package let received: [UInt8]
    /// Called when the server drains: the protocol should say goodbye and close the socket.
    package var onDrain: (@EventLoop () -> Void)?

    /// Nil once closed.
    private var handle: OpaquePointer?
    private let pump: @EventLoop () -> Void

    init(
        _ handle: OpaquePointer, descriptor: Int32, received: [UInt8], pump: @escaping @EventLoop () -> Void
    ) {
        (self.handle, self.descriptor, self.received, self.pump) = (handle, descriptor, received, pump)
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    /// Called when the server stops: the socket must be closed at once.
    package var onStop: (@EventLoop () -> Void)?

    /// True until ``close()``.
    package var isOpen: Bool { handle != nil }

    func end() {
        onStop?()
        close()
    }

    /// Closes the socket. It must no longer be watched, and its descriptor is invalid from here on.
    package func close() {
        guard let handle else { return }
        self.handle = nil
        (onDrain, onStop) = (nil, nil)
        guichet_close_upgraded(handle)
        // libmicrohttpd closes the descriptor in its next run.
        pump()
    }
}
