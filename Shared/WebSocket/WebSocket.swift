package import EventLoop
import Glibc
import HTTPServer
package import Primitives

/// One WebSocket connection (RFC 6455), the server's side of it, driven by the event loop.
@EventLoop
package final class WebSocket {
    private enum State {
        case open
        /// Our close frame is queued; the client's is awaited.
        case closing
        /// Both close frames are sent or will not come; the end of the client's stream is awaited.
        case lingering
        case closed
    }

    /// The subprotocol that was chosen; nil without one.
    package let subprotocol: String?
    /// Why the connection ended; nil while it is open. ``CloseCode/lost`` without a close handshake.
    package private(set) var closeCode: CloseCode?

    /// Called with each message, in place of ``receive()``. It ends with the connection.
    package var onMessage: (@EventLoop (WebSocketMessage) -> Void)? { didSet { deliver() } }
    /// Called once, when the connection is no longer open, possibly from within ``send(_:)``.
    package var onClose: (@EventLoop (CloseCode) -> Void)?
    /// Called when the server drains, in place of ``close(_:_:)`` with 1001.
    package var onDrain: (@EventLoop () -> Void)?
    /// While true no message is handed over, and beyond ``WebSocketLimits/waitingMessages`` the socket is not read.
    package var isHeldBack = false { didSet { deliver() } }

    /// What was received last, of all connections: what is parsed of it is copied.
    private static var buffer = [UInt8](repeating: 0, count: 16 * 1024)

    private let socket: DetachedSocket
    private let limits: WebSocketLimits
    private let metrics: WebSocketMetrics
    private let reader: FrameReader
    private var state = State.open
    private var queue = SendQueue()
    private var inbox = Inbox()
    private var receiver: Promise<Void>?
    private var interest: DescriptorEvents = .read
    private var heartbeat: LoopTimer?
    private var expiry: LoopTimer?
    private var closeTimer: LoopTimer?
    private var isHeard = true
    private let isCompressed: Bool
    var onEnd: (@EventLoop () -> Void)?

    init(_ socket: DetachedSocket, _ limits: WebSocketLimits, _ handshake: Handshake, metrics: WebSocketMetrics) {
        (self.socket, self.limits, self.metrics) = (socket, limits, metrics)
        subprotocol = handshake.subprotocol
        isCompressed = handshake.compression != nil
        reader = FrameReader(messageSize: limits.messageSize, inflates: isCompressed)
    }

    /// True until either side has begun to close.
    package var isOpen: Bool { state == .open }

    /// The bytes that wait for the client.
    package var queuedBytes: Int { queue.byteCount }

    /// Sends a message, or queues it while the client does not read. Without effect once the connection is closing.
    package func send(_ message: WebSocketMessage) { send(EncodedMessage(message)) }

    /// Sends a message that was encoded before; its bytes are not copied.
    package func send(_ message: EncodedMessage) {
        guard state == .open else { return }
        let bytes = message.bytes(compressed: isCompressed)
        guard queue.frameCount < limits.queuedMessages, queue.byteCount + bytes.count <= limits.queuedBytes else {
            metrics.countSlowReader()
            queue.dropUnsent()
            return close(.policyViolation, "reads too slowly")
        }
        metrics.countSent()
        enqueue(bytes)
    }

    /// The next message; nil once the connection is closing and all that came before was received. One task may wait.
    package func receive() async -> WebSocketMessage? {
        while true {
            if let message = inbox.removeFirst() {
                updateInterest()
                return message
            }
            guard state == .open else { return nil }
            let promise = Promise<Void>()
            receiver = promise
            await promise.fulfilment()
        }
    }

    /// Begins the close handshake; the connection ends when the client has answered, or after the time for it.
    package func close(_ code: CloseCode, _ reason: String = "") {
        guard state == .open else { return }
        state = .closing
        closeCode = code
        inbox = Inbox()
        enqueue(EncodedMessage.close(code, reason).bytes)
        expectEnd()
    }

    /// Closes the connection (1008) at this time, when its token expires; in place of a time that was set before.
    package func expire(at instant: Instant?) {
        expiry?.cancel()
        guard state == .open, let instant else { return }
        expiry = EventLoop.schedule(after: instant - .now) { [weak self] in
            self?.close(.policyViolation, "the token expired")
        }
    }

    /// Starts to serve. `received` came with the request.
    func open() {
        socket.onDrain = { [weak self] in
            guard let self else { return }
            if let onDrain { onDrain() } else { close(.goingAway, "the server restarts") }
        }
        socket.onStop = { [weak self] in self?.end(.lost) }
        // The client may have left while it was sent the first message.
        guard state != .closed else { return }
        // The watch keeps the connection alive until its end, also when its handler has returned before.
        EventLoop.watch(socket.descriptor, for: interest) { [self] ready in act(on: ready) }
        if !socket.received.isEmpty { take(socket.received[...]) }
        scheduleHeartbeat()
    }
}

// What the socket is ready for.
extension WebSocket {
    private func act(on ready: DescriptorEvents) {
        if ready.contains(.write) { flush() }
        if ready.contains(.read) {
            read()
        } else if !ready.isDisjoint(with: .failure) {
            end(.lost)
        }
    }

    private func read() {
        guard state != .closed else { return }
        let count = Self.buffer.withUnsafeMutableBytes { recv(socket.descriptor, $0.baseAddress, $0.count, 0) }
        guard count <= 0 else {
            isHeard = true
            if state != .lingering { take(Self.buffer[..<count]) }
            return
        }
        // Nothing is ready after all, or the client's stream has ended, in order or not.
        var byte: UInt8 = 0
        let isBlocked = recv(socket.descriptor, &byte, 1, Int32(MSG_PEEK)) < 0 && errno == EAGAIN
        if !isBlocked { end(.lost) }
    }

    private func take(_ bytes: ArraySlice<UInt8>) {
        let output = reader.read(bytes)
        if state == .open {
            for message in output.messages { inbox.append(message) }
            metrics.countReceived(output.messages.count)
            // What the handler answers now goes out before a close frame.
            if onMessage != nil { deliver() }
        }
        if state == .open, !output.replies.isEmpty { enqueue(output.replies) }
        if let end = output.end { linger(after: end) }
        if queue.byteCount > limits.queuedBytes { end(.lost) }
        updateInterest()
        if !output.messages.isEmpty { wakeReceiver() }
    }

    /// Hands over what has come, until the connection closes or is held back.
    private func deliver() {
        while state == .open, !isHeldBack, let onMessage, let message = inbox.removeFirst() { onMessage(message) }
        updateInterest()
    }

    /// The client has closed, or must be left. What is queued is sent, then the end of its stream is awaited: to close
    /// before would reset the connection and lose what is on its way.
    private func linger(after end: FrameReader.End) {
        guard state == .open || state == .closing else { return }
        if closeCode == nil {
            switch end {
            case .closed(let code), .failed(let code): closeCode = code
            }
        }
        state = .lingering
        expectEnd()
        flush()
    }

    private func enqueue(_ bytes: [UInt8]) {
        switch queue.send(bytes, to: socket.descriptor) {
        case .empty: break
        case .blocked: updateInterest()
        case .failed: end(.lost)
        }
    }

    private func flush() {
        guard state != .closed else { return }
        switch queue.send(to: socket.descriptor) {
        case .empty where state == .lingering: shutdown(socket.descriptor, Int32(SHUT_WR))
        case .empty, .blocked: break
        case .failed: return end(.lost)
        }
        updateInterest()
    }

    private func updateInterest() {
        guard state != .closed else { return }
        var wanted: DescriptorEvents = []
        if state != .open || !isPaused { wanted.insert(.read) }
        if !queue.isEmpty { wanted.insert(.write) }
        guard wanted != interest else { return }
        interest = wanted
        EventLoop.rewatch(socket.descriptor, for: wanted)
    }

    /// True while the handler is behind: the client's messages then wait in the network.
    private var isPaused: Bool {
        inbox.count >= limits.waitingMessages || inbox.byteCount >= 2 * limits.messageSize
    }
}

// The end, and what leads to it.
extension WebSocket {
    private func expectEnd() {
        heartbeat?.cancel()
        expiry?.cancel()
        wakeReceiver()
        leave()
        guard closeTimer == nil, state != .closed else { return }
        closeTimer = EventLoop.schedule(after: limits.closeTime) { [weak self] in self?.end(.lost) }
    }

    private func end(_ code: CloseCode) {
        guard state != .closed else { return }
        state = .closed
        closeCode = closeCode ?? code
        heartbeat?.cancel()
        expiry?.cancel()
        closeTimer?.cancel()
        EventLoop.unwatch(socket.descriptor)
        socket.close()
        wakeReceiver()
        leave()
        onEnd?()
        onEnd = nil
    }

    /// The connection is no longer open: what refers to it is released.
    private func leave() {
        let onClose = self.onClose
        (onMessage, self.onClose, onDrain) = (nil, nil, nil)
        if let onClose { onClose(closeCode ?? .lost) }
    }

    private func wakeReceiver() {
        receiver?.fulfil()
        receiver = nil
    }

    /// A ping each interval; a client that gives no sign of life within the time for a pong is lost.
    private func scheduleHeartbeat() {
        heartbeat = EventLoop.schedule(after: limits.pingInterval) { [weak self] in
            guard let self, state == .open else { return }
            isHeard = false
            enqueue(EncodedMessage.ping.bytes)
            guard state == .open else { return }
            heartbeat = EventLoop.schedule(after: limits.pongTime) { [weak self] in
                guard let self, state == .open else { return }
                // While the handler is behind, the pong waits unread.
                guard isHeard || isPaused else {
                    metrics.countLost()
                    return end(.lost)
                }
                scheduleHeartbeat()
            }
        }
    }
}

/// Messages that wait for the handler.
private struct Inbox {
    private var messages: [WebSocketMessage] = []
    private var first = 0
    private(set) var byteCount = 0

    var count: Int { messages.count - first }

    mutating func append(_ message: WebSocketMessage) {
        messages.append(message)
        byteCount += message.size
    }

    mutating func removeFirst() -> WebSocketMessage? {
        guard first < messages.count else { return nil }
        let message = messages[first]
        byteCount -= message.size
        first += 1
        if first == messages.count { (messages, first) = ([], 0) }
        return message
    }
}
