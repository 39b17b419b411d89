internal import EventLoop
internal import Glibc

/// Inspects queues, moves messages between them and discards them, for operator commands.
///
/// It fetches message by message with `basic.get`, which is slow and unfair to consumers: services consume with
/// ``AMQPConsumer``. Each call opens its own connection. Use it on queues without consumers.
package struct AMQPShovel: Sendable {
    private static let threads = BlockingPool(threads: 1, waiting: 16)
    private let configuration: AMQPConfiguration

    /// Connects only when called.
    package init(_ configuration: AMQPConfiguration) { self.configuration = configuration }

    /// Returns the first `limit` messages of a queue in their order and leaves them in it. In a quorum queue this
    /// counts as a delivery. Throws ``ConnectionError``, with code 404 if the queue does not exist.
    package func peek(_ queue: String, limit: Int) async throws -> [Delivery] {
        try await Self.threads.run {
            let connection = try Connection(configuration)
            var found: [Delivery] = []
            while found.count < limit, let delivery = try fetch(from: queue, on: connection) { found.append(delivery) }
            // Closing returns all of them to the queue.
            connection.close()
            return found
        }
    }

    /// Publishes each of the first `limit` messages as `route` says, and removes it from its queue once the publish is
    /// confirmed; messages for which `route` returns nil stay. If the connection fails in between, a message may arrive
    /// twice.
    ///
    /// - Returns: how many messages were moved.
    /// - Throws: ``ConnectionError``, or the ``PublishError`` of the message at which it stopped; that message and the
    ///   later ones are still in the queue.
    package func move(
        from queue: String, limit: Int, _ route: @escaping @Sendable (Delivery) -> OutgoingMessage?
    ) async throws -> Int {
        try await Self.threads.run {
            let connection = try Connection(configuration)
            try connection.confirmSelect()
            var moved = 0
            for _ in 0..<limit {
                guard let delivery = try fetch(from: queue, on: connection) else { break }
                guard let message = route(delivery) else { continue }
                try connection.basicPublish(message)
                try awaitConfirm(on: connection)
                try connection.settle(tag: delivery.tag, .ack)
                moved += 1
            }
            connection.close()
            return moved
        }
    }

    /// Removes for good those of the first `limit` messages for which `isUnwanted` returns true; returns how many.
    package func discard(
        from queue: String, limit: Int, where isUnwanted: @escaping @Sendable (Delivery) -> Bool
    ) async throws -> Int {
        try await Self.threads.run {
            let connection = try Connection(configuration)
            var discarded = 0
            for _ in 0..<limit {
                guard let delivery = try fetch(from: queue, on: connection) else { break }
                guard isUnwanted(delivery) else { continue }
                try connection.settle(tag: delivery.tag, .ack)
                discarded += 1
            }
            connection.close()
            return discarded
        }
    }

    private func fetch(from queue: String, on connection: Connection) throws -> Delivery? {
        guard try connection.basicGet(queue: queue) else { return nil }
        while true {
            if case .delivered(let delivery) = try next(on: connection) { return delivery }
        }
    }

    private func awaitConfirm(on connection: Connection) throws {
        var isReturned = false
        while true {
            switch try next(on: connection) {
            case .returned: isReturned = true
            case .confirm(_, _, accepted: false): throw PublishError.refused
            case .confirm:
                guard isReturned else { return }
                throw PublishError.unroutable
            default: continue
            }
        }
    }

    private func next(on connection: Connection) throws -> Inbound {
        let deadline = ContinuousClock.now + configuration.confirmTimeout
        while true {
            if let inbound = try connection.receive() { return inbound }
            guard ContinuousClock.now < deadline else { throw PublishError.timedOut }
            var entry = pollfd(fd: connection.descriptor, events: Int16(POLLIN), revents: 0)
            poll(&entry, 1, Int32(min(configuration.heartbeat / 2, configuration.confirmTimeout) / .milliseconds(1)))
        }
    }
}
