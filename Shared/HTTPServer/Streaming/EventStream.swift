package import EventLoop
import Glibc

/// The server-sent events of one client (WHATWG HTML section 9.2), driven by the event loop.
@EventLoop
package final class EventStream {
    /// Why a stream ended.
    package enum End: String, Sendable, CaseIterable {
        /// The client closed the connection, or the network lost it.
        case clientLeft = "client_left"
        /// The service ended it.
        case finished
        /// What waited for the client exceeded the limits.
        case slowReader = "slow_reader"
        case tokenExpired = "token_expired"
        /// The server stops; the client connects again, to another replica.
        case drained
    }

    private enum State {
        case open
        /// What is queued is sent; then the end of the connection is awaited.
        case ending
        case closed
    }

    /// The id of the last event that the client has, from an earlier connection; nil if it has none.
    package let lastEventID: String?
    /// Why it ended; nil while it is open.
    package private(set) var ending: End?
    /// Called once, when the stream no longer sends. Set it before anything is sent: a client may have left.
    package var onEnd: (@EventLoop (End) -> Void)?
    /// The same for the endpoint.
    var onFinish: (@EventLoop () -> Void)?

    private let socket: DetachedSocket
    private let limits: EventStreamLimits
    private let metrics: EventStreamMetrics
    private var state = State.open
    private var queue = SendQueue()
    private var interest: DescriptorEvents = .read
    private var timer: LoopTimer?
    private var lastSent = ContinuousClock.now
    /// What a client sends behind its request is discarded up to here.
    private var discardable = 64 * 1024

    init(
        _ socket: DetachedSocket, _ limits: EventStreamLimits, lastEventID: String?, metrics: EventStreamMetrics
    ) {
        (self.socket, self.limits, self.lastEventID, self.metrics) = (socket, limits, lastEventID, metrics)
    }

    /// True until it ends.
    package var isOpen: Bool { state == .open }

    /// The bytes that wait for the client.
    package var queuedBytes: Int { queue.byteCount }

    /// Sends an event, or queues it while the client does not read. Without effect once the stream has ended.
    package func send(_ event: EncodedEvent) {
        guard state == .open else { return }
        guard queue.frameCount < limits.queuedEvents, queue.byteCount + event.bytes.count <= limits.queuedBytes else {
            queue.dropUnsent()
            return end(.slowReader)
        }
        metrics.countSent()
        transmit(event.bytes)
    }

    /// Ends the stream. The client gets an event `end` with the reason, and connects again after the time of `retry`.
    package func end(_ reason: End = .finished) {
        guard state == .open else { return }
        state = .ending
        transmit(EncodedEvent("end", text: "{\"reason\":\"\(reason.rawValue)\"}").bytes)
        timer?.cancel()
        timer = EventLoop.schedule(after: limits.closeTime) { [weak self] in self?.close(reason) }
        finish(reason)
        flush()
    }

    /// Sends the head, and starts to serve.
    func open(head: [UInt8]) {
        var patience = UInt32(limits.acknowledgementTime / .milliseconds(1))
        setsockopt(
            socket.descriptor, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &patience, socklen_t(MemoryLayout<UInt32>.size))
        socket.onDrain = { [weak self] in self?.end(.drained) }
        socket.onStop = { [weak self] in self?.close(.drained) }
        // The watch keeps the stream alive until its end.
        EventLoop.watch(socket.descriptor, for: interest) { [self] ready in act(on: ready) }
        scheduleHeartbeat()
        transmit(head + Array("retry: \(Int(limits.retry / .milliseconds(1)))\n\n".utf8))
    }
}

// What the socket is ready for.
extension EventStream {
    private func act(on ready: DescriptorEvents) {
        if ready.contains(.write) { flush() }
        if ready.contains(.read) {
            discardInput()
        } else if !ready.isDisjoint(with: .failure) {
            close(.clientLeft)
        }
    }

    /// A client has nothing more to say. The end of its stream says that it has left.
    private func discardInput() {
        guard state != .closed else { return }
        let count = withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            recv(socket.descriptor, buffer.baseAddress, buffer.count, 0)
        }
        if count < 0, errno == EAGAIN || errno == EINTR { return }
        discardable -= max(0, count)
        if count <= 0 || discardable < 0 { close(.clientLeft) }
    }

    private func transmit(_ bytes: [UInt8]) {
        lastSent = .now
        switch queue.send(bytes, to: socket.descriptor) {
        case .empty: break
        case .blocked: updateInterest()
        case .failed: close(.clientLeft)
        }
    }

    private func flush() {
        guard state != .closed else { return }
        switch queue.send(to: socket.descriptor) {
        case .empty where state == .ending: shutdown(socket.descriptor, Int32(SHUT_WR))
        case .empty, .blocked: break
        case .failed: return close(.clientLeft)
        }
        updateInterest()
    }

    private func updateInterest() {
        let wanted: DescriptorEvents = queue.isEmpty ? .read : [.read, .write]
        guard state != .closed, wanted != interest else { return }
        interest = wanted
        EventLoop.rewatch(socket.descriptor, for: wanted)
    }
}

// The end, and what leads to it.
extension EventStream {
    private func scheduleHeartbeat() {
        timer = EventLoop.schedule(after: max(.zero, lastSent + limits.heartbeat - .now)) { [weak self] in
            guard let self, state == .open else { return }
            if lastSent + limits.heartbeat <= .now {
                // What waits already says as much as a comment would.
                if queue.isEmpty { transmit(Array(":\n\n".utf8)) } else { lastSent = .now }
            }
            if state == .open { scheduleHeartbeat() }
        }
    }

    private func close(_ reason: End) {
        guard state != .closed else { return }
        state = .closed
        timer?.cancel()
        EventLoop.unwatch(socket.descriptor)
        socket.close()
        finish(reason)
    }

    private func finish(_ reason: End) {
        guard ending == nil else { return }
        ending = reason
        metrics.countEnd(reason)
        onFinish?()
        onEnd?(reason)
        (onFinish, onEnd) = (nil, nil)
    }
}
