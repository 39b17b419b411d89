import EventLoop

/// One session of a client, with its sockets in the namespaces.
@EventLoop
final class SocketClient: EngineSessionHandler {
    /// Releases this object when it ends.
    let session: EngineSession
    private unowned let server: SocketServer
    private var sockets: [Socket] = []
    /// The namespaces that the application has disconnected: events that were on their way are ignored.
    private var left: Set<String>?
    private var assembly: BinaryAssembly?
    private var allowance: EventAllowance
    private var connectLimit: LoopTimer?

    init(_ session: EngineSession, of server: SocketServer) {
        (self.session, self.server) = (session, server)
        allowance = EventAllowance(server.options)
        connectLimit = EventLoop.schedule(after: server.options.connectTimeout) { [weak self] in
            guard let self, self.sockets.isEmpty else { return }
            self.session.close(.protocolError)
        }
    }

    func send(_ event: EncodedEvent) { session.send(event.packets) }

    /// The socket is disconnected, and the client may not know it yet.
    func forget(_ socket: Socket) {
        sockets.removeAll { $0 === socket }
        left = (left ?? []).union([socket.namespace.name])
    }

    func closed(_ reason: EngineCloseReason) {
        connectLimit?.cancel()
        let ended = sockets
        sockets = []
        for socket in ended { socket.end(.connection(reason)) }
    }
}

// Packets.
extension SocketClient {
    func received(text: ArraySlice<UInt8>) {
        // A malformed packet ends the session.
        guard assembly == nil, allowance.take(), let packet = try? SocketPacket(text) else { return reject() }
        switch packet.kind {
        case .connect: connect(packet)
        case .disconnect: disconnect(packet)
        case .event, .acknowledgement: route(packet, [])
        case .binaryEvent, .binaryAcknowledgement: assemble(packet)
        case .connectError: reject()
        }
    }

    func received(binary: [UInt8]) {
        guard var assembly else { return reject() }
        self.assembly = nil
        assembly.attachments.append(binary)
        // Together they are no longer than one message may be.
        guard assembly.size <= server.options.engine.maxPayload else { return reject() }
        if assembly.isComplete {
            route(assembly.packet, assembly.attachments)
        } else {
            self.assembly = assembly
        }
    }

    private func assemble(_ packet: SocketPacket) {
        // Its attachments are not awaited.
        guard (try? ReceivedContent.check(packet)) != nil else { return reject() }
        if packet.attachmentCount == 0 { route(packet, []) } else { assembly = BinaryAssembly(packet: packet) }
    }

    private func socket(in namespace: String) -> Socket? { sockets.first { $0.namespace.name == namespace } }

    /// The client broke the protocol.
    private func reject() { session.close(.protocolError) }

    private func connect(_ packet: SocketPacket) {
        guard socket(in: packet.namespace) == nil else { return reject() }
        guard let namespace = server.namespaces[packet.namespace] else {
            let refusal = ConnectRefusal("Invalid namespace")
            return send(EncodedEvent(control: 4, refusal.content, in: packet.namespace))
        }
        let auth = packet.content.isEmpty ? Array("{}".utf8)[...] : packet.content
        // It must be JSON.
        guard let members = try? JSONScanner.members(of: auth) else { return reject() }
        connectLimit?.cancel()
        left?.remove(packet.namespace)
        let request = RecoveryRequest(auth, members)
        let (connection, answer) = namespace.prepare(request, for: self)
        sockets.append(connection)
        namespace.admit(connection, auth: Array(auth), answer)
    }

    private func disconnect(_ packet: SocketPacket) {
        guard let socket = socket(in: packet.namespace) else { return }
        sockets.removeAll { $0 === socket }
        socket.end(.client)
    }

    private func route(_ packet: SocketPacket, _ attachments: [[UInt8]]) {
        guard let socket = socket(in: packet.namespace) else {
            if left?.contains(packet.namespace) != true { reject() }
            return
        }
        guard socket.isPending else { return serve(packet, attachments, on: socket) }
        let (count, bytes) = (server.options.waitingEvents, server.options.engine.maxPayload)
        if !socket.wait(packet, attachments, atMost: count, bytes: bytes) { reject() }
    }

    func serve(_ packet: SocketPacket, _ attachments: [[UInt8]], on socket: Socket) {
        do throws(SocketPacket.Fault) {
            switch packet.kind {
            case .event, .binaryEvent:
                let content = try ReceivedContent(eventOf: packet, attachments: attachments)
                server.metrics.countReceived()
                socket.receive(content.event ?? "", content.arguments, acknowledgement: packet.acknowledgement)
            default:
                let content = try ReceivedContent(acknowledgementOf: packet, attachments: attachments)
                socket.receive(acknowledgement: packet.acknowledgement ?? 0, content.arguments)
            }
        } catch {
            reject()
        }
    }
}

/// A packet whose attachments are still to come.
private struct BinaryAssembly {
    let packet: SocketPacket
    var attachments: [[UInt8]] = []

    var isComplete: Bool { attachments.count == packet.attachmentCount }
    var size: Int { packet.size(with: attachments) }
}

/// The packets that a client may send: a bucket that fills at a steady rate.
private struct EventAllowance {
    private let burst: Double
    private let rate: Double
    private var left: Double
    private var updated = ContinuousClock.now

    init(_ options: SocketServerOptions) {
        (burst, rate) = (Double(options.eventBurst), Double(options.eventRate))
        left = burst
    }

    /// Returns false if it is used up.
    mutating func take() -> Bool {
        let now = ContinuousClock.now
        left = min(burst, left + (now - updated) / .seconds(1) * rate)
        updated = now
        guard left >= 1 else { return false }
        left -= 1
        return true
    }
}
