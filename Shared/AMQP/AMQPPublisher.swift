/// Publishes messages and waits for the broker's confirm. It owns a thread and a connection.
///
/// All publishes share one channel. Run many concurrently, since each waits for a disk write. They are sent in the
/// order in which ``publish(_:)`` was called. When the connection is lost, a publish that is still waiting to be sent
/// survives; one that was sent fails with ``PublishError/disconnected``. Call ``drain()`` at the end.
package final class AMQPPublisher: Sendable {
    private let requests: RequestQueue<PublishRequest>
    private let observer: AMQPObserver
    private let thread: ConnectionThread

    /// Starts to connect at once and reconnects until drained; declares `topology` each time.
    package init(
        _ configuration: AMQPConfiguration, declaring topology: Topology, observer: AMQPObserver = AMQPObserver()
    ) {
        let wakeup = Wakeup()
        self.observer = observer
        requests = RequestQueue(wakeup: wakeup, limit: configuration.waitingLimit)
        thread = ConnectionThread(
            configuration, topology, observer, wakeup: wakeup, role: Publishing(configuration, observer, requests))
        thread.start()
    }

    /// Returns when the broker has confirmed that every matching queue has the message, on disk if it is persistent.
    ///
    /// It ends within `waitTimeout` plus `confirmTimeout`, plus the time of an attempt to connect. Cancelling the task
    /// does not end it: the caller still needs to know whether the message is safe.
    package func publish(_ message: OutgoingMessage) async throws(PublishError) {
        let result = await withCheckedContinuation { continuation in
            let request = PublishRequest(message: message, requested: .now, continuation: continuation)
            switch requests.append(request) {
            case .accepted: break
            case .full: request.answer(.failure(.saturated), to: observer)
            case .closed: request.answer(.failure(.disconnected), to: observer)
            }
        }
        try result.get()
    }

    /// Finishes the outstanding publishes, closes the connection and ends the thread. Later publishes fail.
    package func drain() async {
        thread.beginDraining()
        await thread.waitUntilEnded()
    }
}

/// The publisher's state and logic on the connection thread.
private final class Publishing: ConnectionRole {
    private let configuration: AMQPConfiguration
    private let observer: AMQPObserver
    private let requests: RequestQueue<PublishRequest>
    private var waiting: [PublishRequest] = []
    private var confirms = PublisherConfirms()
    private var isConnected = false
    private var isBlocked = false

    init(_ configuration: AMQPConfiguration, _ observer: AMQPObserver, _ requests: RequestQueue<PublishRequest>) {
        (self.configuration, self.observer, self.requests) = (configuration, observer, requests)
    }

    func begin(on connection: Connection) throws(ConnectionError) {
        try connection.confirmSelect()
        (isConnected, isBlocked) = (true, false)
    }

    func receive(_ inbound: Inbound) throws(ConnectionError) {
        switch inbound {
        case .confirm(let tag, let multiple, let accepted):
            for (request, result) in confirms.resolve(tag: tag, multiple: multiple, accepted: accepted) {
                request.answer(result, to: observer)
            }
        case .returned(let exchange, let routingKey, let messageID):
            confirms.markReturned(exchange: exchange, routingKey: routingKey, messageID: messageID)
        case .blocked: isBlocked = true
        case .unblocked: isBlocked = false
        case .delivered, .consumerCancelled: break
        }
    }

    func advance(on connection: Connection, isDraining: Bool) throws(ConnectionError) -> NextStep {
        let waitDeadline = expire()
        var next = NextStep()
        next.awaitsWriting = try send(on: connection)
        next.deadline = [waitDeadline, confirms.deadline].compactMap { $0 }.min()
        next.isDrained = isDraining && waiting.isEmpty && confirms.count == 0
        return next
    }

    /// Sends waiting publishes. Returns true if it stopped because the socket accepts no more.
    private func send(on connection: Connection) throws(ConnectionError) -> Bool {
        guard !isBlocked else { return false }
        let deadline = ContinuousClock.now + configuration.confirmTimeout
        var sent = 0
        defer { waiting.removeFirst(sent) }
        while sent < waiting.count, confirms.count < configuration.outstandingLimit {
            guard connection.isWritable else { return true }
            let request = waiting[sent]
            sent += 1
            confirms.add(request, deadline: deadline)
            try connection.basicPublish(request.message)
        }
        return false
    }

    func advanceDisconnected(isDraining: Bool) -> NextStep { NextStep(deadline: expire(), isDrained: isDraining) }

    /// Fails the publishes that have waited too long; returns when the next one expires.
    private func expire() -> ContinuousClock.Instant? {
        takeInbox()
        let now = ContinuousClock.now
        for request in confirms.expire(at: now) { request.answer(.failure(.timedOut), to: observer) }
        let limit = now - configuration.waitTimeout
        let late = waiting.prefix { $0.requested <= limit }
        waiting.removeFirst(late.count)
        for request in late { request.answer(.failure(isConnected ? .saturated : .disconnected), to: observer) }
        return waiting.first.map { $0.requested + configuration.waitTimeout }
    }

    private func takeInbox() {
        for request in requests.takeAll() {
            if waiting.count < configuration.waitingLimit {
                waiting.append(request)
            } else {
                request.answer(.failure(.saturated), to: observer)
            }
        }
    }

    func lost() {
        isConnected = false
        for request in confirms.reset() { request.answer(.failure(.disconnected), to: observer) }
    }

    func end() {
        for request in confirms.reset() + waiting + requests.close() {
            request.answer(.failure(.disconnected), to: observer)
        }
        waiting = []
    }
}
