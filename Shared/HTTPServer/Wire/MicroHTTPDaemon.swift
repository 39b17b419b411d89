import CMicroHTTPD
import EventLoop
import Glibc
import Runtime

/// libmicrohttpd inside the event loop: its epoll descriptor is one of those that the loop watches, and everything it
/// calls runs on the loop's thread.
@EventLoop
final class MicroHTTPDaemon {
    /// The library could not start: memory or descriptors are exhausted.
    struct StartFailure: Error {}

    let port: UInt16
    let limits: HTTPLimits
    let dispatcher: Dispatcher
    private var daemon: OpaquePointer?
    private var listeningDescriptor: Int32
    private var connections: [Int32: Connection] = [:]
    private let detached: DetachedSockets
    /// The request whose connection libmicrohttpd is about to release, because a ``DetachedSocket`` has it.
    private var released: Exchange?
    private var isPumping = false
    private var isPumpDue = false
    private var sweep: LoopTimer?
    private var whenEmpty: (@EventLoop () -> Void)?

    var connectionCount: Int { connections.count + detached.count }

    init(listeningOn socket: ListeningSocket, limits: HTTPLimits, dispatcher: Dispatcher) throws {
        port = socket.port
        listeningDescriptor = socket.descriptor
        self.limits = limits
        self.dispatcher = dispatcher
        detached = DetachedSockets(limit: limits.detachedConnections)
        DescriptorLimit.raise(to: 2 * limits.connections + limits.detachedConnections + 256)
        // The library refers to this object, which is released in `stop`.
        let context = Unmanaged.passRetained(self)
        daemon = guichet_start_daemon(
            socket.descriptor, limits.connectionMemory, UInt32(limits.connections), handleRequest, beginRequest,
            completeRequest, notifyConnection, leaveEscaped, { context, _, _ in noticeFailure(context) },
            context.toOpaque())
        guard let daemon else {
            close(socket.descriptor)
            context.release()
            throw StartFailure()
        }
        EventLoop.watch(guichet_epoll_descriptor(daemon), for: .read) { [unowned self] _ in pump() }
        scheduleSweep()
    }

    /// Runs the library until it has nothing ready, at most eight times; the rest waits for the next turn of the loop.
    private func pump() {
        guard let daemon, !isPumping else { return }
        isPumping = true
        defer { isPumping = false }
        for _ in 0..<8 {
            MHD_run(daemon)
            guard hasReadyWork(daemon) else { return }
        }
        pumpSoon()
    }

    /// Runs the library in the next turn of the loop: it does not notice by itself that a connection was resumed.
    func pumpSoon() {
        guard !isPumpDue else { return }
        isPumpDue = true
        EventLoop.schedule(after: .zero) { [weak self] in
            self?.isPumpDue = false
            self?.pump()
        }
    }

    /// With all timeouts ours, the library asks for a timeout only when it has data to go on with at once.
    private func hasReadyWork(_ daemon: OpaquePointer) -> Bool {
        var milliseconds: UInt64 = 0
        return MHD_get_timeout(daemon, &milliseconds) == .YES
    }

    private func scheduleSweep() {
        sweep = EventLoop.schedule(after: sweepInterval) { [weak self] in
            guard let self, daemon != nil else { return }
            let now = ContinuousClock.now
            for connection in connections.values { connection.enforceDeadline(at: now) }
            scheduleSweep()
        }
    }

    /// A tenth of the shortest deadline, so that none is missed by much.
    private var sweepInterval: Duration {
        let shortest = [limits.headTime, limits.idleTime, limits.bodyTime, limits.answerTime, limits.sendTime].min()
        return min(max((shortest ?? .seconds(1)) / 10, .milliseconds(10)), .seconds(1))
    }
}

// Drain and stop.
extension MicroHTTPDaemon {
    /// Accepts no new connection, closes those that are idle, and waits until the others are answered and those that are
    /// detached are closed, at most `time`. The detached are asked to end within the first half of it.
    func drain(within time: Duration) async {
        pump()
        stopListening()
        for connection in connections.values where connection.exchange == nil { connection.cut() }
        detached.drain(within: time / 2)
        if connectionCount > 0 {
            let end = Promise<Void>()
            let timer = EventLoop.schedule(after: time) { end.fulfil() }
            whenEmpty = { [unowned self] in if connectionCount == 0 { end.fulfil() } }
            detached.whenEmpty = whenEmpty
            await end.fulfilment()
            timer.cancel()
        }
        stop()
    }

    /// Refuses the requests that are still at work and closes all connections.
    private func stop() {
        guard let daemon else { return }
        for connection in connections.values { _ = connection.exchange?.giveUp() }
        detached.stop()
        // Resumed connections are put back by the library's next run; to stop it before is undefined.
        pump()
        self.daemon = nil
        sweep?.cancel()
        EventLoop.unwatch(guichet_epoll_descriptor(daemon))
        stopListening()
        MHD_stop_daemon(daemon)
        Unmanaged.passUnretained(self).release()
    }

    private func stopListening() {
        guard listeningDescriptor >= 0 else { return }
        if let daemon { MHD_quiesce_daemon(daemon) }
        close(listeningDescriptor)
        listeningDescriptor = -1
    }
}

// Notifications of the library, through the functions of Callbacks.swift.
extension MicroHTTPDaemon {
    func opened(_ handle: OpaquePointer) -> Connection {
        let connection = Connection(handle, limits: limits)
        connections[connection.descriptor] = connection
        return connection
    }

    func closed(_ connection: Connection) {
        // At its limit the library stops accepting, and begins again in the run after the one that fell below.
        if connections.count == limits.connections { pumpSoon() }
        connections[connection.descriptor] = nil
        if connections.isEmpty { whenEmpty?() }
    }

    func begin(_ handle: OpaquePointer, target: UnsafePointer<CChar>, on connection: Connection) -> Exchange {
        connection.expect(atMost: limits.headTime)
        let exchange = Exchange(handle, target: target, on: connection, of: self)
        connection.exchange = exchange
        return exchange
    }

    /// Whether one more connection may be detached.
    var takesDetached: Bool { !detached.isFull && !dispatcher.isDraining }

    /// Takes a connection from the library, which then releases it. Returns nil when there are too many.
    func detach(_ connection: Connection, received: [UInt8] = []) -> DetachedSocket? {
        guard takesDetached, let socket = detached.detach(connection.descriptor, received: received) else { return nil }
        connection.isDetached = true
        pumpSoon()
        return socket
    }

    /// The library releases the connection of this request next, and reports that as a failure.
    func releases(_ exchange: Exchange?) { released = exchange }

    /// The library reports a failure, but not of which connection.
    func failed() {
        guard released == nil else { return }
        for connection in connections.values { connection.exchange?.answerRefusedHead() }
    }
}
