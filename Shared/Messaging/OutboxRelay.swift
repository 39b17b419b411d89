package import AMQP
package import EventLoop
import FoundationEssentials
import GuichetProtocol
package import Postgres
import Primitives
package import Runtime
package import Tenancy

/// Carries events from the outboxes of a service to the broker.
///
/// One process at a time works on one outbox, under an advisory lock that dies with its session, and marks an event
/// only after the broker's confirm. So each event leaves at least once, and those of one aggregate leave in order.
@EventLoop
package final class OutboxRelay {
    private let directory: TenantDirectory
    private let publisher: AMQPPublisher
    private let log = Logger("outbox")
    private let published: Counter
    private let failures: Counter
    private let backlog: Gauge
    private let oldest: Gauge
    /// Outboxes with a pass under way; true when another must follow.
    private var passes: [Schema: Bool] = [:]

    package init(directory: TenantDirectory, publisher: AMQPPublisher, metrics: MetricsRegistry) {
        self.directory = directory
        self.publisher = publisher
        published = metrics.counter("messaging.outbox.published", "Events that the broker has confirmed.")
        failures = metrics.counter("messaging.outbox.failures", "Passes over an outbox that ended in an error.")
        backlog = metrics.gauge("messaging.outbox.backlog", "Events that wait for the broker, as of the last sweep.")
        oldest = metrics.gauge("messaging.outbox.oldest", unit: .seconds, "Age of the oldest event that waits.")
    }

    /// Says that a transaction has just put events into this outbox. Returns at once.
    package func wake(_ store: SchemaStore) {
        let store = store.inBackground
        guard passes[store.schema] == nil else {
            passes[store.schema] = true
            return
        }
        passes[store.schema] = false
        EventLoop.start { [self] in
            repeat {
                passes[store.schema] = false
                await pass(over: store)
            } while passes[store.schema] == true
            passes[store.schema] = nil
        }
    }

    /// Looks into every outbox, with one statement a database server: what a crash or an absent broker left behind
    /// leaves now.
    package func sweep() async {
        var (count, age) = (0, 0)
        do {
            try await directory.onEachServer { [self] round in
                let waiting = try await round.survey(round.schemas) { "SELECT * FROM waiting_outboxes(\($0)::text[])" }
                for store in round.schemas {
                    guard let row = waiting[store.schema] else { continue }
                    count += try row.get("waiting", as: Int.self)
                    age = max(age, try row.get("seconds"))
                    wake(store)
                }
            }
        } catch {
            failures.increment()
            log.warning("some outboxes could not be looked into", [.error: String(reflecting: error)])
        }
        backlog.set(Double(count))
        oldest.set(Double(age))
    }

    private func pass(over store: SchemaStore) async {
        do {
            // Another process may hold the lock just before it looks for the last time: ask again until it is ours.
            var attempt = 0
            while try await !passUnderLock(over: store) && attempt < 50 {
                attempt += 1
                try await EventLoop.sleep(for: .milliseconds(Int.random(in: 5...20)))
            }
        } catch {
            failures.increment()
            log.warning("events stay in the outbox for now", [.error: String(reflecting: error)])
            try? await EventLoop.sleep(for: .seconds(1))  // The sweep comes back to them; do not spin until then.
        }
    }

    /// False when another process is at it.
    private func passUnderLock(over store: SchemaStore) async throws -> Bool {
        try await store.withSession { session in
            let first = try await session.batch(
                [Self.lock(store.schema), SQL.alongIndexes, Self.unpublished], in: store.schema)
            guard try first[0][0].get("locked") else { return false }
            let areAllOut: Bool
            do {
                var rows = first[2]
                while rows.count == Self.batchSize {
                    let positions = try await publish(rows)
                    rows = try await session.batch(
                        [Self.mark(positions), SQL.alongIndexes, Self.unpublished], in: store.schema)[2]
                    if positions.isEmpty { throw Stalled() }
                }
                // Whoever writes an event from now on asks for the lock afterwards, until it is his. He must find these
                // marked, so they are committed before it is given back. Should the mark be lost they leave once more.
                let positions = try await publish(rows)
                _ = try await session.batch(
                    ["BEGIN", SQL.withoutWaitingForDisk, Self.mark(positions), "COMMIT", Self.unlock(store.schema)],
                    in: store.schema)
                areAllOut = positions.count == rows.count
            } catch {
                _ = try await session.query(Self.unlock(store.schema))
                throw error
            }
            guard areAllOut else { throw Stalled() }
            return true
        }
    }

    /// Publishes the rows in order, all at once; returns the positions of those that the broker has, leaving out what
    /// follows a failure in the same aggregate: it must leave again, behind its predecessor.
    private func publish(_ rows: [Row]) async throws -> [Int] {
        let messages = try rows.map(message(of:))
        let publisher = self.publisher
        let sends = messages.map { message in
            EventLoop.start {
                do {
                    try await publisher.publish(message.outgoing)
                    return true
                } catch {
                    return false
                }
            }
        }
        var (done, broken): ([Int], Set<String>) = ([], [])
        for (message, send) in zip(messages, sends) {
            if await send.value, !broken.contains(message.aggregate) {
                done.append(message.position)
            } else {
                broken.insert(message.aggregate)
            }
        }
        published.increment(by: done.count)
        return done
    }

    private func message(of row: Row) throws -> OutboxMessage {
        let body = Array(try row.get("body", as: String.self).utf8)
        let headers = try row.find("headers").flatMap(EventHeaders.init(stored:)) ?? decodedHeaders(of: body)
        return OutboxMessage(
            position: try row.get("position"), aggregate: try row.get("aggregate"),
            outgoing: OutgoingMessage(
                exchange: EventRouting.exchange, routingKey: try row.get("routing_key"), body: body,
                contentType: EventRouting.contentType, messageID: headers.id, type: headers.type,
                timestamp: headers.time, headers: headers.message))
    }

    /// For rows that a release without the column `headers` has written.
    private func decodedHeaders(of body: [UInt8]) throws -> EventHeaders {
        EventHeaders(of: try JSONDecoder().decode(EventAttributes.self, from: Data(body)))
    }
}

/// Some of the events did not reach the broker.
private struct Stalled: Error {}

private struct OutboxMessage {
    let position: Int
    let aggregate: String
    let outgoing: OutgoingMessage
}

extension OutboxRelay {
    fileprivate static let batchSize = 128

    fileprivate static let unpublished: SQL = """
        SELECT position, aggregate, routing_key, body, headers FROM outbox WHERE published_at IS NULL
        ORDER BY position LIMIT \(batchSize)
        """

    /// Published events stay for a week, to be published again after a disaster.
    package static let prune: SQL = "DELETE FROM outbox WHERE published_at < now() - interval '7 days'"

    fileprivate static func lock(_ schema: Schema) -> SQL {
        "SELECT pg_try_advisory_lock(hashtextextended(\("relay " + schema.description), 0)) AS locked"
    }

    fileprivate static func unlock(_ schema: Schema) -> SQL {
        "SELECT pg_advisory_unlock(hashtextextended(\("relay " + schema.description), 0))"
    }

    fileprivate static func mark(_ positions: [Int]) -> SQL {
        "UPDATE outbox SET published_at = now() WHERE position = ANY (\(positions)::bigint[])"
    }
}
