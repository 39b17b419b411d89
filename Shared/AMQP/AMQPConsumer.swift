internal import EventLoop
internal import Synchronization

/// A queue to consume, and how many unsettled messages the broker may deliver from it.
package struct QueueConsumption: Sendable {
    /// The name of the queue.
    package let queue: String
    /// The most unsettled messages: 1 to 65535.
    package let prefetch: Int

    /// `prefetch` is from 1 to 65535. When a consumer dies, each message that it held counts one delivery towards the
    /// delivery limit, so keep it low where handlers can crash the process.
    package init(queue: String, prefetch: Int) {
        precondition((1...65535).contains(prefetch), "a prefetch is from 1 to 65535")
        (self.queue, self.prefetch) = (queue, prefetch)
    }
}

/// Consumes queues and passes their messages to a handler on the event loop. It owns a thread and a connection.
///
/// The messages of one queue are handled in their order: the handler gets all that have arrived, and the next ones once
/// those are settled. Different queues are handled concurrently. Each message is handled at least once: if the
/// connection is lost before a message is settled, the broker delivers it again, even while its first handler still
/// runs. Call ``drain()`` at the end.
package final class AMQPConsumer: Sendable {
    /// Decides about deliveries of one queue, from one up to the prefetch: returns a verdict for each, in their order.
    /// A handler that never returns stops its queue.
    package typealias Handler = @EventLoop @Sendable ([Delivery]) async -> [Verdict]

    private let dispatcher: DeliveryDispatcher
    private let thread: ConnectionThread

    /// Starts to connect at once and reconnects until drained; declares `topology` and consumes `queues` each time.
    package init(
        _ configuration: AMQPConfiguration, declaring topology: Topology, consuming queues: [QueueConsumption],
        observer: AMQPObserver = AMQPObserver(), handler: @escaping Handler
    ) {
        let wakeup = Wakeup()
        // Bounded by the prefetch of the broker, not by the requests.
        let commands = RequestQueue<ConsumerCommand>(wakeup: wakeup, limit: .max)
        let dispatcher = DeliveryDispatcher(handler: handler, commands: commands)
        self.dispatcher = dispatcher
        thread = ConnectionThread(
            configuration, topology, observer, wakeup: wakeup,
            role: Consuming(queues, observer, commands, dispatcher))
        thread.start()
    }

    /// Starts no more handlers, waits for the running ones, settles their messages and closes the connection. Messages
    /// that were delivered but not started return to their queues in order.
    package func drain() async {
        // No basic.cancel: it would let another consumer overtake messages that are still held here.
        await dispatcher.stop()
        thread.beginDraining()
        await thread.waitUntilEnded()
    }
}

/// The consumer's state and logic on the connection thread.
private final class Consuming: ConnectionRole {
    private let queues: [QueueConsumption]
    private let observer: AMQPObserver
    private let commands: RequestQueue<ConsumerCommand>
    private let dispatcher: DeliveryDispatcher
    /// The number of the connection: a delivery tag is meaningless on a later one.
    private var epoch = 0
    private var arrived: [Delivery] = []
    private var unsettled = UnsettledDeliveries()
    private var isFinished = false

    init(
        _ queues: [QueueConsumption], _ observer: AMQPObserver, _ commands: RequestQueue<ConsumerCommand>,
        _ dispatcher: DeliveryDispatcher
    ) {
        (self.queues, self.observer) = (queues, observer)
        (self.commands, self.dispatcher) = (commands, dispatcher)
    }

    func begin(on connection: Connection) throws(ConnectionError) {
        for queue in queues { try connection.basicConsume(queue: queue.queue, prefetch: queue.prefetch) }
    }

    func receive(_ inbound: Inbound) throws(ConnectionError) {
        switch inbound {
        case .delivered(let delivery):
            observer.counted(.delivered(redelivered: delivery.isRedelivered))
            unsettled.add(delivery.tag)
            arrived.append(delivery)
        case .consumerCancelled(let queue):
            // A new connection declares and consumes the queue again: the same recovery as for every other failure.
            throw .consumerCancelled(queue: queue)
        case .confirm, .returned, .blocked, .unblocked: break
        }
    }

    func advance(on connection: Connection, isDraining: Bool) throws(ConnectionError) -> NextStep {
        if !arrived.isEmpty {
            let (batch, epoch, dispatcher) = (arrived, epoch, dispatcher)
            arrived = []
            EventLoop.start { dispatcher.dispatch(batch, epoch) }
        }
        for command in commands.takeAll() {
            guard case .settle(let delivery, self.epoch, let verdict) = command else {
                note(command)
                continue
            }
            if verdict == .ack {
                unsettled.acknowledge(delivery.tag)
            } else {
                unsettled.remove(delivery.tag)
                try connection.settle(tag: delivery.tag, verdict)
            }
        }
        let (through, others) = unsettled.takeAcknowledged()
        if let through { try connection.acknowledge(through: through) }
        for tag in others { try connection.settle(tag: tag, .ack) }
        return NextStep(isDrained: isDraining && isFinished)
    }

    func advanceDisconnected(isDraining: Bool) -> NextStep {
        for command in commands.takeAll() { note(command) }
        return NextStep(isDrained: isDraining && isFinished)
    }

    /// Handles a command that does not need the present connection.
    private func note(_ command: ConsumerCommand) {
        // Verdicts on deliveries of an earlier connection are void: the broker delivers them again.
        if case .finish = command { isFinished = true }
    }

    func lost() {
        epoch += 1
        (arrived, unsettled) = ([], UnsettledDeliveries())
        let (epoch, dispatcher) = (epoch, dispatcher)
        EventLoop.start { dispatcher.forget(before: epoch) }
    }

    func end() { _ = commands.close() }
}
