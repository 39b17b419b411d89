package import EventLoop
import HTTPServer
import WebSocket

/// One session of Engine.IO v4: a stream of messages in both directions, over long polling or a WebSocket.
@EventLoop
package final class EngineSession {
    /// What carries the packets.
    enum Transport {
        case polling
        case webSocket(WebSocket)
        case closed
    }

    /// python-engineio takes no body with more; the rest is in the next one.
    private static let packetsPerBody = 16

    /// Names the session in requests. It is a secret of the client.
    package let id: String
    /// Where the client comes from.
    package let origin: ClientOrigin
    /// Takes the messages; released when the session has ended.
    var handler: (any EngineSessionHandler)?
    unowned let server: EngineServer

    private(set) var transport: Transport
    private var heartbeat: EngineHeartbeat
    private var timer: LoopTimer?
    private var queue: [EnginePacket] = []
    private var queuedBytes = 0
    /// The request that waits for packets.
    private var poll: PendingPoll?
    /// The WebSocket that the session is about to move to.
    private var probe: UpgradeProbe?

    init(_ id: String, _ origin: ClientOrigin, _ transport: Transport, of server: EngineServer) {
        (self.id, self.origin, self.transport, self.server) = (id, origin, transport, server)
        heartbeat = EngineHeartbeat(startedAt: .now, server.options)
        scheduleHeartbeat()
    }

    /// True until the session has ended.
    package var isOpen: Bool { if case .closed = transport { false } else { true } }

    /// True while a packet would leave at once.
    var isWritable: Bool {
        switch transport {
        case .polling: poll != nil && probe?.isAnswered != true
        case .webSocket(let socket): socket.queuedBytes == 0
        case .closed: false
        }
    }

    /// Sends packets that belong together.
    func send(_ packets: [EnginePacket]) {
        switch transport {
        case .closed: return
        case .webSocket(let socket):
            // A client that reads too slowly is closed by the socket.
            for packet in packets { socket.send(packet.frame) }
        case .polling:
            for packet in packets {
                queue.append(packet)
                queuedBytes += packet.size
            }
            guard queue.count <= server.options.queuedPackets, queuedBytes <= server.options.queuedBytes else {
                return close(.slowReader)
            }
            flush()
        }
    }

    /// Ends the session. The client learns it at once if its transport allows.
    package func close(_ reason: EngineCloseReason) { close(reason, answeringPollWith: "1") }

    private func close(_ reason: EngineCloseReason, answeringPollWith packet: String) {
        let ended = transport
        guard isOpen else { return }
        transport = .closed
        timer?.cancel()
        server.removed(self, reason)
        (queue, queuedBytes) = ([], 0)
        poll?.answer.fulfil(Array(packet.utf8))
        poll = nil
        let probe = self.probe
        self.probe = nil
        probe?.end()
        if case .webSocket(let socket) = ended { socket.close(reason.closeCode) }
        let handler = self.handler
        self.handler = nil
        handler?.closed(reason)
    }
}

// The heartbeat.
extension EngineSession {
    /// Closes the session if its time is over, also when the timer comes late. Returns whether it is open.
    func isAlive(at now: ContinuousClock.Instant) -> Bool {
        if isOpen, heartbeat.isLost(at: now) { close(.pingTimeout) }
        return isOpen
    }

    private func scheduleHeartbeat() {
        timer?.cancel()
        timer = EventLoop.schedule(after: heartbeat.nextStep - .now) { [weak self] in self?.beat() }
    }

    private func beat() {
        let now = ContinuousClock.now
        if isWritable { heartbeat.excuseDelay(at: now) }
        guard isAlive(at: now) else { return }
        if heartbeat.mustPing(at: now) { send([.ping]) }
        if isOpen { scheduleHeartbeat() }
    }

    private func receivedPong() {
        heartbeat.receivedPong(at: .now)
        scheduleHeartbeat()
    }
}

// Packets of the client.
extension EngineSession {
    /// Takes a packet. Returns false if the client broke the protocol; the session is closed then.
    private func receive(_ packet: ReceivedPacket?) -> Bool {
        switch packet {
        case .text(let content): handler?.received(text: content)
        case .binary(let content): handler?.received(binary: content)
        case .pong: receivedPong()
        case .noop: break
        case .close:
            if case .polling = transport, poll == nil { server.awaitLastPoll(of: id) }
            close(.client, answeringPollWith: "6")
        case .ping, .upgrade, nil:
            close(.protocolError)
            return false
        }
        return true
    }
}

// Long polling.
extension EngineSession {
    /// A request that is answered as soon as there is a packet.
    private struct PendingPoll {
        let answer: Promise<[UInt8]>
        let hasLeft: @EventLoop () -> Bool
    }

    /// Takes the packets in the body of a request.
    func receive(body: [UInt8]) throws(EngineError) {
        guard case .polling = transport else { throw .badRequest }
        guard body.count <= server.options.maxPayload, String(validating: body, as: UTF8.self) != nil else {
            close(.protocolError)
            throw .badRequest
        }
        for packet in body.split(separator: EnginePacket.separator, omittingEmptySubsequences: false) {
            guard receive(ReceivedPacket(polled: packet)) else { throw .badRequest }
            guard isOpen else { return }
        }
    }

    /// Waits for packets, and returns them as a body.
    ///
    /// - Parameter hasLeft: whether the client has closed its connection.
    func nextBody(hasLeft: @escaping @EventLoop () -> Bool) async throws(EngineError) -> [UInt8] {
        guard case .polling = transport else { throw .badRequest }
        guard poll == nil else {
            close(.protocolError)
            throw .badRequest
        }
        let answer = Promise<[UInt8]>()
        poll = PendingPoll(answer: answer, hasLeft: hasLeft)
        flush()
        // A client that polls once more during an upgrade waits for the end of this request.
        if probe?.isAnswered == true {
            EventLoop.schedule(after: .milliseconds(100)) { [weak self] in self?.releasePoll(answer) }
        }
        return await answer.fulfilment()
    }

    /// Answers the request that waits with everything that is queued. During an upgrade the packets stay, because the
    /// client stops polling.
    private func flush() {
        guard let poll, !queue.isEmpty, probe?.isAnswered != true else { return }
        // The packets would be lost without a trace.
        guard !poll.hasLeft() else { return close(.lost) }
        var body: [UInt8] = []
        for packet in queue.prefix(Self.packetsPerBody) {
            packet.append(to: &body)
            queuedBytes -= packet.size
        }
        queue.removeFirst(min(queue.count, Self.packetsPerBody))
        self.poll = nil
        poll.answer.fulfil(body)
    }

    private func releasePoll(_ answer: Promise<[UInt8]>? = nil) {
        guard let poll, answer == nil || poll.answer === answer, probe?.isAnswered == true else { return }
        self.poll = nil
        poll.answer.fulfil(Array("6".utf8))
    }
}

// The WebSocket, and the upgrade to it.
extension EngineSession {
    /// Opens a WebSocket beside the polls. Returns false if there is one already; the new one has no effect then.
    func startUpgrade(on socket: WebSocket) -> Bool {
        guard case .polling = transport, probe == nil else { return false }
        let limit = EventLoop.schedule(after: server.options.upgradeTime) {
            socket.close(.policyViolation, "no upgrade")
        }
        probe = UpgradeProbe(socket: socket, limit: limit)
        return true
    }

    func received(_ message: WebSocketMessage, on socket: WebSocket) {
        if case .webSocket(let mine) = transport, mine === socket {
            switch message {
            case .text(let text): _ = receive(ReceivedPacket(text: Array(text.utf8)[...]))
            case .binary(let bytes): _ = receive(.binary(bytes))
            }
        } else if probe?.socket === socket, case .text(let text) = message {
            advanceUpgrade(text)
        } else {
            socket.close(.protocolError)
        }
    }

    private func advanceUpgrade(_ text: String) {
        switch (text, probe?.isAnswered) {
        case ("2probe", false):
            probe?.isAnswered = true
            probe?.socket.send(.text("3probe"))
            releasePoll()
        case ("5", true): upgrade()
        default: probe?.socket.close(.protocolError)
        }
    }

    /// Moves to the WebSocket, and sends there what was kept back.
    private func upgrade() {
        guard let socket = probe?.socket else { return }
        releasePoll()
        probe?.limit.cancel()
        probe = nil
        transport = .webSocket(socket)
        let kept = queue
        (queue, queuedBytes) = ([], 0)
        for packet in kept { socket.send(packet.frame) }
        server.upgraded()
    }

    func ended(_ socket: WebSocket) {
        if case .webSocket(let mine) = transport, mine === socket {
            close(socket.closeCode == .policyViolation ? .slowReader : .client)
        } else if probe?.socket === socket {
            // The client stays with the polls.
            probe?.limit.cancel()
            probe = nil
            flush()
        }
    }
}

/// A WebSocket that a session may move to.
@EventLoop
private struct UpgradeProbe {
    let socket: WebSocket
    /// Ends the attempt.
    let limit: LoopTimer
    /// True between `3probe` and the end of the upgrade.
    var isAnswered = false

    func end() {
        limit.cancel()
        socket.close(.goingAway)
    }
}

extension EngineCloseReason {
    fileprivate var closeCode: CloseCode {
        switch self {
        case .client, .server: .normal
        case .lost, .pingTimeout, .slowReader: .policyViolation
        case .protocolError: .protocolError
        case .drained, .replaced: .goingAway
        }
    }
}
