internal import EventLoop
internal import Glibc
internal import Primitives
internal import Synchronization

/// The behaviour of one kind of connection: publisher or consumer. Every method is called on the connection thread.
protocol ConnectionRole: AnyObject {
    /// Called when the connection is up and its topology declared: sets up what this role needs.
    func begin(on connection: Connection) throws(ConnectionError)
    func receive(_ inbound: Inbound) throws(ConnectionError)
    /// Handles the requests of other threads and everything that is due.
    func advance(on connection: Connection, isDraining: Bool) throws(ConnectionError) -> NextStep
    /// The same while there is no connection. Drained then means that a new connection would serve no purpose.
    func advanceDisconnected(isDraining: Bool) -> NextStep
    /// Called when the connection is lost.
    func lost()
    /// Called when the thread ends. The role must fail every request that still waits.
    func end()
}

/// When the thread must call the role again.
struct NextStep {
    /// Nil means: only when something arrives.
    var deadline: ContinuousClock.Instant?
    /// Also when the socket is writable.
    var awaitsWriting = false
    /// True if nothing remains to be done before closing.
    var isDrained = false
}

/// The thread that owns one connection: it serves the connection, reconnects after failures, and sleeps in `poll` on
/// the socket and its ``Wakeup``.
final class ConnectionThread: @unchecked Sendable {
    // Safety: only the thread itself uses `role`, `failures` and `announced` once it runs; the rest is immutable or
    // behind its mutex.
    private struct Ending {
        var isDraining = false
        var isOver = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let configuration: AMQPConfiguration
    private let topology: Topology
    private let observer: AMQPObserver
    private let wakeup: Wakeup
    private let role: any ConnectionRole
    private let backoff: Backoff
    /// Failures since a connection last lasted: they determine the next pause.
    private var failures = 0
    private var announced: ConnectionState?
    private let ending = Mutex(Ending())

    init(
        _ configuration: AMQPConfiguration, _ topology: Topology, _ observer: AMQPObserver, wakeup: Wakeup,
        role: any ConnectionRole
    ) {
        (self.configuration, self.topology, self.observer) = (configuration, topology, observer)
        (self.wakeup, self.role) = (wakeup, role)
        backoff = Backoff(from: configuration.reconnectDelay.lowerBound, to: configuration.reconnectDelay.upperBound)
    }

    func start() {
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<ConnectionThread>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        precondition(code == 0, "the thread of a connection to the broker could not be created")
        pthread_detach(thread)
    }

    /// Lets the role finish its work; then the connection is closed and the thread ends.
    func beginDraining() {
        ending.withLock { $0.isDraining = true }
        wakeup.signal()
    }

    /// Returns when the thread has ended.
    func waitUntilEnded() async {
        await withCheckedContinuation { continuation in
            let isOver = ending.withLock { ending in
                if !ending.isOver { ending.waiting.append(continuation) }
                return ending.isOver
            }
            if isOver { continuation.resume() }
        }
    }

    private func run() {
        while true {
            do {
                try serve()
                break
            } catch {
                role.lost()
                announce(.disconnected(error))
                if pauseEndsDrained() { break }
            }
        }
        role.end()
        announce(.closed)
        let waiting = ending.withLock { ending in
            ending.isOver = true
            return ending.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when drained; throws if the connection fails.
    private func serve() throws(ConnectionError) {
        announce(.connecting)
        let connection = try Connection(configuration)
        try connection.declare(topology)
        try role.begin(on: connection)
        announce(.connected)
        let connected = ContinuousClock.now
        while true {
            while let inbound = try connection.receive() { try take(inbound) }
            let isDraining = ending.withLock { $0.isDraining }
            if isDraining { announce(.draining) }
            let next = try role.advance(on: connection, isDraining: isDraining)
            if next.isDrained { return connection.close() }
            // A connection that fails soon after it is made must not be retried without a pause.
            if ContinuousClock.now - connected > configuration.reconnectDelay.upperBound { failures = 0 }
            sleep(on: connection, next)
        }
    }

    private func take(_ inbound: Inbound) throws(ConnectionError) {
        switch inbound {
        case .blocked(let reason): announce(.blocked(reason: reason))
        case .unblocked: announce(.connected)
        default: break
        }
        try role.receive(inbound)
    }

    private func sleep(on connection: Connection, _ next: NextStep) {
        guard !connection.hasBufferedInput else { return }
        var entries = [
            pollfd(fd: wakeup.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(
                fd: connection.descriptor, events: Int16(next.awaitsWriting ? POLLIN | POLLOUT : POLLIN), revents: 0),
        ]
        let heartbeat = ContinuousClock.now + configuration.heartbeat / 2
        poll(&entries, 2, milliseconds(until: min(next.deadline ?? heartbeat, heartbeat)))
        wakeup.reset()
    }

    /// Waits before the next attempt and handles due work meanwhile. Returns true if the role needs no connection any
    /// more.
    private func pauseEndsDrained() -> Bool {
        failures += 1
        let end = ContinuousClock.now + backoff.pause(after: failures)
        while true {
            let isDraining = ending.withLock { $0.isDraining }
            let next = role.advanceDisconnected(isDraining: isDraining)
            if next.isDrained { return true }
            guard ContinuousClock.now < end else { return false }
            var entry = pollfd(fd: wakeup.descriptor, events: Int16(POLLIN), revents: 0)
            poll(&entry, 1, milliseconds(until: min(next.deadline ?? end, end)))
            wakeup.reset()
        }
    }

    private func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        let left = deadline - ContinuousClock.now
        return left > .zero ? Int32(clamping: Int64((left / .milliseconds(1)).rounded(.up))) : 0
    }

    private func announce(_ state: ConnectionState) {
        guard state != announced else { return }
        announced = state
        observer.state(state)
    }
}
