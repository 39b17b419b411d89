import AMQP
package import EventLoop
package import Messaging
import Runtime

/// Keeps an ``EventFeed`` connected as long as the process runs.
package struct EventFeedPart: Service {
    /// Its name in logs.
    package let name = "feed"
    private let platform: Platform
    private let feed: EventFeed

    /// - Parameters:
    ///   - onStart: called when events begin to arrive, the first time and after each interruption.
    ///   - onEnd: called when an interruption begins.
    @EventLoop
    package init(
        _ platform: Platform, _ subscriptions: [FeedSubscription], onStart: @escaping @EventLoop () -> Void,
        onEnd: @escaping @EventLoop () -> Void = {}
    ) {
        let feed = EventFeed(
            of: platform.service, subscriptions: subscriptions, authors: platform.authors, metrics: platform.metrics,
            onStart: onStart, onEnd: onEnd)
        (self.platform, self.feed) = (platform, feed)
        platform.metrics.gauge("messaging.feed.listening", "1 while the feed of events is connected.")
            .observe { [weak feed] in feed?.isListening == true ? 1 : 0 }
    }

    /// Consumes the feed until the process drains.
    @EventLoop
    package func run() async throws {
        let feed = self.feed
        let connection = AMQPConsumer(
            platform.amqp, declaring: feed.topology, consuming: feed.queues,
            observer: AMQPObserver(stateChanged: { feed.changed(to: $0) }, counted: platform.brokerMetrics.count)
        ) { feed.receive($0) }
        signalReady()
        await GracefulShutdown.current.wait()
        await connection.drain()
    }
}
