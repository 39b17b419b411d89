import AMQP
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Runtime
import Tenancy

/// Sends events of the outboxes of a service again to the queue of a subscriber outside the suite, in their order.
///
/// A replay that ends in the middle begins again, so some events leave more than once. Each message names its replay in the
/// header ``EventRouting/replayHeader``.
@EventLoop
final class SubscriberReplays {
    private static let batchSize = 128

    private let service: TenantSlug
    private let directory: TenantDirectory
    private let publisher: AMQPPublisher
    private let log = Logger("replay")
    private let runs = Coalescer<String>()

    init(_ service: TenantSlug, _ directory: TenantDirectory, _ publisher: AMQPPublisher) {
        (self.service, self.directory, self.publisher) = (service, directory, publisher)
    }

    /// Records a request, if it is for events of this service.
    func accept(_ event: CloudEvent<SubscriberReplayRequested>, _ context: Subscription.Context) async throws {
        let topics = event.data.types.filter { isPublishedHere($0) }.map { String($0.drop { $0 != "." }.dropFirst()) }
        guard !topics.isEmpty else { return }
        try await context.transaction.query(
            """
            INSERT INTO subscriber_replays (id, tenant, queue, topics, since)
            VALUES (\(event.partitionkey), \(event.tenantid), \(event.data.queue), \(topics)::text[], \(event.data.from))
            ON CONFLICT DO NOTHING
            """)
        context.afterCommit { [self] in run() }
    }

    /// Carries out the requests; in one process of the service at a time. Returns at once.
    func run() { runs.run("all") { await self.runAll() } }

    private func isPublishedHere(_ type: String) -> Bool {
        let words = type.split(separator: ".")
        return words.count == 5 && (words[1] == service.description || words[1] == "platform")
    }

    private func runAll() async {
        do {
            let registry = directory.registry.inBackground
            guard try await !registry.query("SELECT FROM subscriber_replays LIMIT 1").isEmpty else { return }
            // What it would send is no longer kept.
            try await registry.query(
                """
                DELETE FROM subscriber_replays
                WHERE asked_at < now() - make_interval(days => \(OutboxRelay.retentionDays)::int)
                """)
            _ = try await registry.exclusively("subscriber replays") {
                // In no order: one of a tenant that is away must not keep the others waiting.
                for row in try await registry.query("SELECT * FROM subscriber_replays ORDER BY random() LIMIT 100") {
                    do {
                        try await self.run(SubscriberReplay(row), in: registry)
                    } catch {
                        self.log.warning("a replay will be tried again", [.error: String(reflecting: error)])
                    }
                }
            }
        } catch {
            log.warning("replays will be tried again", [.error: String(reflecting: error)])
        }
    }

    private func run(_ replay: SubscriberReplay, in registry: SchemaStore) async throws {
        // An event of a tenant is recorded in its schema or in the service's own. A tenant that was removed has none.
        let tenant = try await directory.storeOfAny(replay.tenant)?.data.inBackground
        var count = 0
        do {
            for store in [registry, tenant].compactMap(\.self) { count += try await send(replay, from: store) }
        } catch PublishError.unroutable {
            log.info("the subscriber is gone", [.name: replay.queue])
        }
        log.info("events were replayed", [.name: replay.queue, .count: count])
        try await registry.query("DELETE FROM subscriber_replays WHERE id = \(replay.id)")
    }

    /// Publishes the events of one outbox; returns how many. The broker gets those of a batch in their order, without a
    /// pause for each confirm.
    private func send(_ replay: SubscriberReplay, from store: SchemaStore) async throws -> Int {
        var (count, position) = (0, 0)
        while true {
            let rows = try await store.query(replay.events(after: position, limit: Self.batchSize))
            let sends = try rows.map { row in
                var message = try OutboxMessage(row)
                position = message.position
                (message.outgoing.exchange, message.outgoing.routingKey) = (EventRouting.parking, replay.queue)
                message.outgoing.headers[EventRouting.replayHeader] = replay.id
                let (publisher, outgoing) = (publisher, message.outgoing)
                return EventLoop.start { try await publisher.publish(outgoing) }
            }
            for send in sends { try await send.value }
            count += rows.count
            if rows.count < Self.batchSize { return count }
        }
    }
}

/// A row of `subscriber_replays`.
private struct SubscriberReplay {
    let id: String
    let tenant: TenantSlug
    let queue: String
    let topics: [String]
    let since: Instant

    init(_ row: Row) throws {
        (id, tenant, queue) = (try row.get("id"), try row.get("tenant"), try row.get("queue"))
        (topics, since) = (try row.get("topics"), try row.get("since"))
    }

    /// Events that were published; the others leave anyway.
    func events(after position: Int, limit: Int) -> SQL {
        """
        SELECT \(OutboxMessage.columns) FROM outbox
        WHERE published_at >= \(since) AND created_at >= \(since) AND position > \(position)
            AND starts_with(routing_key, \("\(tenant).")) AND
                substring(routing_key FROM '^[^.]+[.](.+)[.][0-9]+$') = ANY (\(topics)::text[])
        ORDER BY position LIMIT \(limit)
        """
    }
}
