import AMQP
import Runtime

/// Counts the messages between a process and the broker.
struct BrokerMetrics: Sendable {
    private let confirmation: Histogram
    private let refused: Counter
    private let redelivered: Counter

    init(_ metrics: MetricsRegistry) {
        confirmation = metrics.histogram(
            "messaging.broker.confirmation", "Time from asking to publish an event to the confirm of the broker.")
        refused = metrics.counter("messaging.broker.unconfirmed", "Events that the broker did not confirm.")
        redelivered = metrics.counter("messaging.broker.redelivered", "Messages that were delivered once more.")
    }

    func count(_ event: AMQPEvent) {
        switch event {
        case .confirmed(let duration): confirmation.record(duration)
        case .publishFailed: refused.increment()
        case .delivered(redelivered: true): redelivered.increment()
        case .delivered: break
        }
    }
}
