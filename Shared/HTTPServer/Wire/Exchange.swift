import CMicroHTTPD
import EventLoop
import Glibc

/// One request and its answer, driven by libmicrohttpd's calls: one with the head, one for each piece of the body, one
/// at the end.
@EventLoop
final class Exchange {
    private enum Phase {
        /// The head is awaited.
        case head
        /// The body is collected for the handler.
        case receiving(AdmittedRequest)
        /// The answer is known; the rest of the body is read and discarded, so that the connection can be reused.
        case discarding(Answer, discarded: Int)
        /// The handler works.
        case answering(AdmittedRequest)
        /// The answer was given to libmicrohttpd.
        case answered
        /// The answer 101 was given to libmicrohttpd, which hands over the socket once it is sent.
        case upgrading(Upgrade)
        /// A ``DetachedSocket`` has the connection; libmicrohttpd is to release it.
        case detached
    }

    /// A refused request's body is read up to this many bytes; beyond, the connection is closed.
    private static let discardLimit = 256 * 1024

    private let handle: OpaquePointer
    private let target: String
    private let targetLength: Int
    private let connection: Connection
    private let daemon: MicroHTTPDaemon
    private var phase = Phase.head
    private var body: [UInt8] = []
    private var work: Task<Void, Never>?

    private var limits: HTTPLimits { daemon.limits }
    private var dispatcher: Dispatcher { daemon.dispatcher }

    init(
        _ handle: OpaquePointer, target: UnsafePointer<CChar>, on connection: Connection, of daemon: MicroHTTPDaemon
    ) {
        self.handle = handle
        self.target = String(cString: target)
        targetLength = strlen(target)
        self.connection = connection
        self.daemon = daemon
    }

    /// The head is complete, or the whole request is. Returns false when libmicrohttpd must release the connection.
    func proceed(_ line: RequestLine) -> Bool {
        switch phase {
        case .head: receiveHead(line)
        case .receiving(let request): answer(request)
        case .discarding(let answer, _): send(answer)
        case .answering, .answered, .upgrading: break
        case .detached:
            daemon.releases(self)
            return false
        }
        return true
    }

    /// Receives a piece of the body. Returns false when the client exceeds its limit by so much that it is cut off.
    func receive(_ piece: UnsafeRawBufferPointer) -> Bool {
        switch phase {
        case .receiving(let request):
            guard body.count + piece.count <= request.route.bodyLimit else {
                body = []
                phase = .discarding(dispatcher.tooLarge(request), discarded: piece.count)
                return true
            }
            body.append(contentsOf: piece)
        case .discarding(let answer, let discarded):
            guard discarded + piece.count <= Self.discardLimit else { return false }
            phase = .discarding(answer, discarded: discarded + piece.count)
        case .head, .answering, .answered, .upgrading, .detached: break
        }
        return true
    }

    /// Stops waiting for the handler. Returns false when no handler is at work; the connection must be cut then.
    func giveUp() -> Bool {
        guard case .answering(let request) = phase else { return false }
        work?.cancel()
        finish(dispatcher.timedOut(request))
        return true
    }

    /// libmicrohttpd frees the request: `handle` is invalid from here on.
    func end() {
        work?.cancel()
        phase = .answered
        connection.exchange = nil
        daemon.releases(nil)
        connection.expect(within: limits.idleTime)
    }

    private func receiveHead(_ line: RequestLine) {
        let head: RequestHead
        do {
            head = try line.head(
                of: handle, target: target, targetLength: targetLength, peerAddress: connection.peerAddress,
                limits: limits)
        } catch {
            return send(dispatcher.malformed(error, target: target))
        }
        connection.expect(within: limits.bodyTime)
        switch dispatcher.admit(head) {
        case .admitted(let request): phase = .receiving(request)
        case .settled(var answer):
            let isSmall = !head.hasBody || (head.contentLength ?? .max) <= Self.discardLimit
            if isSmall, head.headers["expect"] == nil {
                phase = .discarding(answer, discarded: 0)
            } else {
                answer.closes = true
                send(answer)
            }
        }
    }

    /// Answers in place of libmicrohttpd if it is refusing this request although the head is complete: for `Host`, for
    /// `Content-Length`, or for cookies that exceed its memory. Its own answer would have two heads, because version 0.9.75
    /// goes on to the state after the refused head when it has written the first.
    func answerRefusedHead() {
        guard case .head = phase, guichet_head_awaits_answer(handle) != 0 else { return }
        phase = .answered
        let answer = dispatcher.malformed(HeadRefused(byLibrary: handle), target: target)
        connection.end(with: answer.closingBytes)
    }

    /// Starts the handler. The connection is suspended until ``finish(_:)``.
    private func answer(_ request: AdmittedRequest) {
        guard !connection.isAbandoned else { return send(dispatcher.abandoned(request)) }
        phase = .answering(request)
        connection.expect(within: request.route.foreign?.answerTime ?? limits.answerTime)
        let body = self.body
        self.body = []
        MHD_suspend_connection(handle)
        work = EventLoop.start { [self] in
            finish(await dispatcher.answer(request, body: body) { self.connection.isAbandoned })
        }
    }

    private func finish(_ answer: Answer) {
        guard case .answering(let request) = phase else { return }
        work = nil
        if answer.isDetaching, !daemon.takesDetached {
            send(dispatcher.crowded(request))
        } else if let stream = answer.stream, request.head.method != .head {
            start(stream, answer)
        } else {
            send(answer)
        }
        MHD_resume_connection(handle)
        daemon.pumpSoon()
    }

    /// Sends the head of an answer without a known end; what follows is not libmicrohttpd's.
    private func start(_ stream: StreamedAnswer, _ answer: Answer) {
        phase = .detached
        guard let socket = daemon.detach(connection) else { return connection.cut() }
        stream.start(socket, answer.head)
    }

    /// The answer 101 was sent: the connection is no longer libmicrohttpd's.
    func upgraded(received: [UInt8]) {
        guard case .upgrading(let upgrade) = phase else { return }
        phase = .answered
        guard let socket = daemon.detach(connection, received: received) else { return connection.cut() }
        upgrade.start(socket)
    }

    private func send(_ answer: Answer) {
        phase = .answered
        connection.expect(within: limits.sendTime)
        if let upgrade = answer.upgrade { return send(upgrade, answer) }
        let response = answer.body.withUnsafeBytes { bytes in
            MHD_create_response_from_buffer(
                bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
        }
        queue(response, answer, closes: answer.closes || dispatcher.isDraining)
    }

    private func send(_ upgrade: Upgrade, _ answer: Answer) {
        phase = .upgrading(upgrade)
        // It adds `Connection: Upgrade` itself.
        let response = MHD_create_response_for_upgrade(upgradeConnection, Unmanaged.passUnretained(daemon).toOpaque())
        queue(response, answer, closes: false)
    }

    private func queue(_ response: OpaquePointer?, _ answer: Answer, closes: Bool) {
        guard let response else { return connection.cut() }
        for (name, value) in answer.headers.fields { MHD_add_response_header(response, name, value) }
        if closes { MHD_add_response_header(response, "connection", "close") }
        if MHD_queue_response(handle, UInt32(answer.status.code), response) != .YES { connection.cut() }
        MHD_destroy_response(response)
    }
}
