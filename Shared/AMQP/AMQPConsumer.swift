internal import EventLoop
internal import Synchronization

/// A queue to consume, and how many of its messages the broker may deliver ahead of their verdicts.
package struct QueueConsumption: Sendable {
    /// The name of the queue.
    package let queue: String
    /// The most messages that wait here for their verdict: 1 to 65535.
    package let prefetch: Int

    /// `prefetch` from 1 to 65535. When a consumer dies each message it held counts one delivery towards the limit, so
    /// keep it low where handlers can crash the process.
    package init(queue: String, prefetch: Int) {
        precondition((1...65535).contains(prefetch), "a prefetch is from 1 to 65535")
        (self.queue, self.prefetch) = (queue, prefetch)
    }
}

/// Consumes queues and hands their messages to a handler on the event loop, over a thread and a connection of its own.
///
/// The messages of one queue are handed over in their order, as many at a time as have come, and the next ones when
/// those are settled; different queues go on at the same time. Every message is handled at least once: one that was
/// delivered on a connection which is lost before its verdict comes again, even while its first handler still runs
/// elsewhere. ``drain()`` must be called in the end.
package final class AMQPConsumer: Sendable {
    /// Decides about deliveries of one queue, one to its prefetch: a verdict for each, in their order. A handler that never
    /// returns stops its queue.
    package typealias Handler = @EventLoop @Sendable ([Delivery]) async -> [Verdict]

    private let dispatcher: DeliveryDispatcher
    private let thread: ConnectionThread

    /// Starts to connect at once, and for ever; declares `topology` and consumes `queues` each time.
    package init(
        _ configuration: AMQPConfiguration, declaring topology: Topology, consuming queues: [QueueConsumption],
        observer: AMQPObserver = AMQPObserver(), handler: @escaping Handler
    ) {
        let wakeup = Wakeup()
        // Bounded by what the broker may deliver, not by the inbox.
        let commands = Inbox<ConsumerCommand>(wakeup: wakeup, limit: .max)
        let dispatcher = DeliveryDispatcher(handler: handler, commands: commands)
        self.dispatcher = dispatcher
        thread = ConnectionThread(
            configuration, topology, observer, wakeup: wakeup,
            role: Consuming(queues, observer, commands, dispatcher))
        thread.start()
    }

    /// Starts no handler any more, waits for those that run, settles their messages and closes the connection. Messages
    /// that were delivered and not begun return to their queues in order.
    package func drain() async {
        // No basic.cancel: it would let another consumer run ahead of messages that are still in hand here.
        await dispatcher.stop()
        thread.beginDraining()
        await thread.waitUntilEnded()
    }
}

/// The consumer's part that lives on its thread.
private final class Consuming: ConnectionRole {
    private let queues: [QueueConsumption]
    private let observer: AMQPObserver
    private let commands: Inbox<ConsumerCommand>
    private let dispatcher: DeliveryDispatcher
    /// Counts the connections: a delivery's number means nothing on a later one.
    private var epoch = 0
    private var arrived: [Delivery] = []
    private var isFinished = false

    init(
        _ queues: [QueueConsumption], _ observer: AMQPObserver, _ commands: Inbox<ConsumerCommand>,
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
            arrived.append(delivery)
        case .consumerCancelled(let queue):
            // A new connection declares the queue again and consumes it: one way to recover from everything.
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
            try connection.settle(tag: delivery.tag, verdict)
        }
        return NextStep(isDrained: isDraining && isFinished)
    }

    func advanceDisconnected(isDraining: Bool) -> NextStep {
        for command in commands.takeAll() { note(command) }
        return NextStep(isDrained: isDraining && isFinished)
    }

    /// Takes a command that asks nothing of the present connection.
    private func note(_ command: ConsumerCommand) {
        // A verdict on what an earlier connection delivered is void: the broker delivers it again.
        if case .finish = command { isFinished = true }
    }

    func lost() {
        epoch += 1
        arrived = []
        let (epoch, dispatcher) = (epoch, dispatcher)
        EventLoop.start { dispatcher.forget(before: epoch) }
    }

    func end() { _ = commands.close() }
}
