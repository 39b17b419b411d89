import Authentication
import Cryptography
package import EventLoop
package import HTTPServer
package import Runtime
import WebSocket

/// A server of Engine.IO v4 at one path.
@EventLoop
package final class EngineServer {
    private enum TransportName: String {
        case polling
        case websocket
    }

    let options: EngineOptions
    private let open: @EventLoop (EngineSession) -> any EngineSessionHandler
    private let sockets: WebSocketEndpoint
    private let metrics: EngineMetrics
    private var sessions: [String: EngineSession] = [:]
    private var perSource: [ClientAddress: Int] = [:]
    /// Sessions that the client has just closed without a request that waits: one may be on its way.
    private var lastPolls: Set<String> = []
    private var isDraining = false

    /// - Parameters:
    ///   - name: the server in metrics.
    ///   - open: is called with each new session, and returns who takes its messages.
    package init(
        _ name: String, _ options: EngineOptions, metrics: MetricsRegistry,
        open: @escaping @EventLoop (EngineSession) -> any EngineSessionHandler
    ) {
        (self.options, self.open) = (options, open)
        var limits = WebSocketLimits.standard
        // A session that is upgraded may have an old connection for a moment.
        (limits.connections.total, limits.connections.perClient) = (2 * options.sessions, 2 * options.sessionsPerSource)
        limits.messageSize = options.maxPayload
        limits.queuedBytes = options.queuedBytes
        limits.queuedMessages = options.queuedPackets
        sockets = WebSocketEndpoint(name, limits, origins: .any, metrics: metrics)
        self.metrics = EngineMetrics(name, metrics)
        self.metrics.observeSessions { [weak self] in self?.sessions.count ?? 0 }
    }

    /// The sessions that are open.
    package var sessionCount: Int { sessions.count }

    /// The routes of the protocol: `GET` also serves what is refused.
    ///
    /// - Parameter name: in front of the names of operations: `SocketIO` makes `pollSocketIO`.
    package func routes(_ name: String, at path: PathTemplate) -> [Route] {
        let foreign = ForeignProtocol(
            answerTime: options.pingInterval + options.pingTimeout + .seconds(2), leastCompressedSize: 1024)
        return [
            Route(
                "poll\(name)", .get, path, "Opens a session, receives packets, or changes to WebSocket (Engine.IO v4).",
                access: .anyone, speaks: foreign, produces: "text/plain; charset=UTF-8", bodyLimit: options.maxPayload
            ) { call in await self.answer(call) },
            Route(
                "push\(name)", .post, path, "Sends packets in a session (Engine.IO v4).",
                access: .anyone, speaks: foreign,
                produces: "text/html", bodyLimit: options.maxPayload
            ) { call in await self.answer(call) },
        ]
    }

    /// Accepts no new session, and closes those that are open, evenly spread over `time` and in no order, so that the
    /// clients do not all connect elsewhere at once.
    package func drain(over time: Duration) async {
        isDraining = true
        let leaving = sessions.values.shuffled()
        let start = ContinuousClock.now
        for (index, session) in leaving.enumerated() {
            let rest = start + time * index / leaving.count - .now
            // Cancelled, it goes on without pauses.
            if rest > .milliseconds(1) { try? await EventLoop.sleep(for: rest) }
            session.close(.drained)
        }
    }

    /// A client sends its last request and the end of the session at once, and they may overtake each other.
    func awaitLastPoll(of id: String) {
        lastPolls.insert(id)
        EventLoop.schedule(after: .milliseconds(100)) { [weak self] in self?.lastPolls.remove(id) }
    }

    func upgraded() { metrics.countUpgrade() }

    func removed(_ session: EngineSession, _ reason: EngineCloseReason) {
        metrics.countClosed(reason)
        sessions[session.id] = nil
        let source = session.origin.address.subscriber
        let left = perSource[source, default: 1] - 1
        perSource[source] = left == 0 ? nil : left
    }
}

// Requests.
extension EngineServer {
    private func answer(_ call: Call) async -> ForeignReply {
        // By this field the gateway learns which replica has the sessions of the instance.
        await reply(to: call).with("x-instance", options.instance)
    }

    private func reply(to call: Call) async -> ForeignReply {
        do throws(EngineError) {
            return try await checked(call)
        } catch {
            return error.reply
        }
    }

    private func checked(_ call: Call) async throws(EngineError) -> ForeignReply {
        let id = call.queryValue("sid")
        guard let transport = call.queryValue("transport").flatMap({ TransportName(rawValue: $0) }) else {
            throw .unknownTransport
        }
        guard let method = call.method, [.get, .post].contains(method), id != nil || method == .get else {
            throw id == nil ? .badHandshakeMethod : .badRequest
        }
        guard call.queryValue("EIO") == "4" else { throw .unsupportedVersion }
        let page = call.header("origin")
        if let page, !options.permitsOrigin(page) { throw .forbidden }
        guard let id else {
            return try handshake(call, transport, ClientOrigin(call))
        }
        guard let session = sessions[id], session.isAlive(at: .now) else {
            guard transport == .polling, method == .get, lastPolls.remove(id) != nil else { throw .unknownSession }
            return ForeignReply(.ok, "text/plain; charset=UTF-8", Array("6".utf8))
        }
        switch (transport, method) {
        case (.websocket, .get): return try upgrade(call, session)
        case (.websocket, _): throw .badRequest
        case (.polling, .post):
            try session.receive(body: call.body)
            return ForeignReply(.ok, "text/html", Array("ok".utf8))
        case (.polling, _):
            let deadline = RequestDeadline.current
            let body = try await session.nextBody { deadline?.isAbandoned ?? false }
            return ForeignReply(.ok, "text/plain; charset=UTF-8", body)
        }
    }

    private func handshake(
        _ call: Call, _ transport: TransportName, _ origin: ClientOrigin
    ) throws(EngineError) -> ForeignReply {
        try checkLimits(origin)
        switch transport {
        case .polling:
            let session = register(origin, .polling)
            return ForeignReply(.ok, "text/plain; charset=UTF-8", openPacket(session, upgrades: #""websocket""#))
        case .websocket:
            return try webSocket(call) { socket in
                let session = self.register(origin, .webSocket(socket))
                socket.send(EnginePacket(text: self.openPacket(session, upgrades: "")).frame)
                return session
            }
        }
    }

    private func checkLimits(_ origin: ClientOrigin) throws(EngineError) {
        guard !isDraining, sessions.count < options.sessions,
            perSource[origin.address.subscriber, default: 0] < options.sessionsPerSource
        else {
            metrics.countRefused()
            throw .busy
        }
    }

    private func register(_ origin: ClientOrigin, _ transport: EngineSession.Transport) -> EngineSession {
        let id = "\(options.instance)-\(BaseEncoding.base64URL.encode(RandomBytes.make(15)))"
        let session = EngineSession(id, origin, transport, of: self)
        sessions[id] = session
        perSource[origin.address.subscriber, default: 0] += 1
        session.handler = open(session)
        return session
    }

    private func openPacket(_ session: EngineSession, upgrades: String) -> [UInt8] {
        let (interval, timeout) = (options.pingInterval.milliseconds, options.pingTimeout.milliseconds)
        let times = #""pingInterval":\#(interval),"pingTimeout":\#(timeout),"maxPayload":\#(options.maxPayload)"#
        return Array(#"0{"sid":"\#(session.id)","upgrades":[\#(upgrades)],\#(times)}"#.utf8)
    }

    private func upgrade(_ call: Call, _ session: EngineSession) throws(EngineError) -> ForeignReply {
        try webSocket(call) { socket in
            if !session.startUpgrade(on: socket) { socket.close(.policyViolation, "the session has a WebSocket") }
            return session
        }
    }

    private func webSocket(
        _ call: Call, attendedBy attend: @escaping @EventLoop @Sendable (WebSocket) -> EngineSession
    ) throws(EngineError) -> ForeignReply {
        do {
            let upgrade = try sockets.upgrade(call, of: nil) { socket in
                let session = attend(socket)
                socket.onMessage = { [unowned socket] in session.received($0, on: socket) }
                socket.onClose = { [unowned socket] _ in session.ended(socket) }
                socket.onDrain = { session.close(.drained) }
            }
            return ForeignReply(upgrade)
        } catch {
            throw [.upgradeRequired, .malformedRequest].contains(error.type) ? .badRequest : .busy
        }
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { Int64((self / .milliseconds(1)).rounded()) }
}
