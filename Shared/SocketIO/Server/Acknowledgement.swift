package import EventLoop

/// The answer that a client awaits to an event. Only the first one is sent.
@EventLoop
package final class Acknowledgement {
    private weak var socket: Socket?
    private let id: Int
    private var isSent = false

    init(_ id: Int, to socket: Socket) { (self.id, self.socket) = (id, socket) }

    /// Sends the answer.
    ///
    /// - Parameter arguments: the JSON text of each argument.
    package func send(_ arguments: [[UInt8]], attachments: [[UInt8]] = []) {
        guard !isSent, let socket else { return }
        isSent = true
        socket.deliver(
            EncodedEvent(acknowledging: id, arguments, attachments: attachments, in: socket.namespace.name))
    }
}
