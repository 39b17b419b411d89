internal import EventLoop
internal import Glibc
internal import Synchronization

/// What one kind of connection does: publish, or consume. Every call comes on the connection's thread.
protocol ConnectionRole: AnyObject {
    /// The connection is up and its topology declared: ask the broker for what this role needs.
    func begin(on connection: Connection) throws(ConnectionError)
    func receive(_ inbound: Inbound) throws(ConnectionError)
    /// Does what other threads asked for and what is due.
    func advance(on connection: Connection, isDraining: Bool) throws(ConnectionError) -> NextStep
    /// The same while there is no connection. Drained then means that waiting for one is of no use.
    func advanceDisconnected(isDraining: Bool) -> NextStep
    /// The connection is gone.
    func lost()
    /// The thread ends. Whoever still waits must be told.
    func end()
}

/// Until when a role lets its thread sleep.
struct NextStep {
    /// Nil: until something arrives.
    var deadline: ContinuousClock.Instant?
    /// Also wake up when the socket takes data again.
    var awaitsWriting = false
    /// Everything that had to be done before closing is done.
    var isDrained = false
}

/// The thread that owns one connection: it keeps it alive, remakes it for ever, and sleeps in `poll` on the socket and
/// its ``Wakeup``.
final class ConnectionThread: @unchecked Sendable {
    // Safety: `role`, `backoff` and `announced` are touched by the thread alone once it runs; the rest is immutable or
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
    private var backoff: Backoff
    private var announced: ConnectionState?
    private let ending = Mutex(Ending())

    init(
        _ configuration: AMQPConfiguration, _ topology: Topology, _ observer: AMQPObserver, wakeup: Wakeup,
        role: any ConnectionRole
    ) {
        (self.configuration, self.topology, self.observer) = (configuration, topology, observer)
        (self.wakeup, self.role) = (wakeup, role)
        backoff = Backoff(bounds: configuration.reconnectDelay)
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

    /// Lets the role finish what it has begun; then the connection is closed and the thread ends.
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

    /// Returns when drained; throws when the connection fails.
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
            if ContinuousClock.now - connected > configuration.reconnectDelay.upperBound { backoff.reset() }
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

    /// Waits before the next attempt and serves what is due meanwhile. True when there is nothing left to attempt it for.
    private func pauseEndsDrained() -> Bool {
        let end = ContinuousClock.now + backoff.next()
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

/// Growing pauses, each between half and all of its length so that many processes do not return at once.
struct Backoff {
    private let bounds: ClosedRange<Duration>
    private var length: Duration

    init(bounds: ClosedRange<Duration>) { (self.bounds, length) = (bounds, bounds.lowerBound) }

    mutating func next() -> Duration {
        defer { length = min(length * 2, bounds.upperBound) }
        return length * Double.random(in: 0.5...1)
    }

    mutating func reset() { length = bounds.lowerBound }
}
