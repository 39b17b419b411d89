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
/// One process at a time works on one outbox, under an ``AdvisoryLock``, and marks an event only after the broker's
/// confirm. So each event leaves at least once, and the events of one aggregate leave in order.
///
/// A process that is frozen while it publishes loses the lock. When it continues, it may publish once more what another
/// process has published meanwhile, but never an event before its predecessor, and its marks fail with its session.
@EventLoop
package final class OutboxRelay {
    private let directory: TenantDirectory
    private let publisher: AMQPPublisher
    private let log = Logger("outbox")
    private let published: Counter
    private let failures: Counter
    private let backlog: Gauge
    private let oldest: Gauge
    /// Events of one outbox that are committed within a moment leave in one pass.
    private let passes: Coalescer<Schema>
    /// When all outboxes are surveyed again although nothing indicates that an event waits.
    private var nextSweep = ContinuousClock.now
    /// Whether events of this process may wait that no other process knows of; also before the first survey.
    private var mustSweep = true
    /// Between two tries to take over an outbox from another process.
    private let backoff = Backoff(from: .milliseconds(10), to: .milliseconds(25))

    /// - Parameter interval: the shortest time between two passes over an outbox. What is committed meanwhile leaves in the
    ///   second one, which costs little more than it does for one event.
    package init(
        directory: TenantDirectory, publisher: AMQPPublisher, metrics: MetricsRegistry,
        interval: Duration = .milliseconds(25)
    ) {
        passes = Coalescer(interval: interval)
        self.directory = directory
        self.publisher = publisher
        published = metrics.counter("messaging.outbox.published", "Events that the broker has confirmed.")
        failures = metrics.counter("messaging.outbox.failures", "Passes over an outbox that ended in an error.")
        backlog = metrics.gauge("messaging.outbox.backlog", "Events that wait for the broker, as of the last sweep.")
        oldest = metrics.gauge("messaging.outbox.oldest", unit: .seconds, "Age of the oldest event that waits.")
    }

    /// Starts to relay what a transaction has just written to this outbox. Returns at once.
    package func wake(_ store: SchemaStore) {
        let store = store.inBackground
        passes.run(store.schema) { await self.pass(over: store) }
    }

    /// Surveys all outboxes if the last time was ``sweepInterval`` ago, or if a pass or the last survey has failed since.
    ///
    /// - Parameter isSurveyor: false if another process surveys them: then this one only does so after a failure.
    package func sweepIfDue(isSurveyor: Bool) async {
        guard nextSweep <= .now else { return }
        if isSurveyor || mustSweep { return await sweep() }
        nextSweep = .now + Self.sweepInterval
        // What this process saw last is not what waits now.
        backlog.set(0)
        oldest.set(0)
    }

    /// Surveys all outboxes, with one statement a database server, and relays what a crash or an outage of the broker
    /// left behind.
    package func sweep() async {
        var (count, age) = (0, 0)
        nextSweep = .now + Self.sweepInterval
        mustSweep = false
        do {
            try await directory.onEachServer { [self] round in
                let waiting = try await round.queryAll(round.schemas) {
                    "SELECT * FROM waiting_outboxes(\($0)::text[])"
                }
                for store in round.schemas {
                    guard let row = waiting[store.schema] else { continue }
                    count += try row.get("waiting", as: Int.self)
                    age = max(age, try row.get("seconds"))
                    wake(store)
                }
            }
        } catch {
            sweepAgain()
            failures.increment()
            log.warning("some outboxes could not be surveyed", [.error: String(reflecting: error)])
        }
        backlog.set(Double(count))
        oldest.set(Double(age))
    }

    private func sweepAgain() {
        nextSweep = .now
        mustSweep = true
    }

    private func pass(over store: SchemaStore) async {
        do {
            // Another process may hold the lock and have read the outbox for the last time: try again until it is ours.
            let lock = AdvisoryLock("relay", in: store.schema)
            var attempt = 0
            while try await !passUnderLock(lock, over: store) && attempt < Self.attempts {
                attempt += 1
                if attempt.isMultiple(of: Self.attemptsBetweenChecks) { try await store.query(lock.endSilentHolder) }
                try await EventLoop.sleep(for: backoff.pause(after: attempt))
            }
        } catch {
            sweepAgain()
            failures.increment()
            log.warning("events stay in the outbox for now", [.error: String(reflecting: error)])
            // Do not try in a loop: the sweep comes back to them. Only the end of the process interrupts the pause.
            try? await EventLoop.sleep(for: .seconds(1))
        }
    }

    /// Returns false if another process holds the lock.
    private func passUnderLock(_ lock: AdvisoryLock, over store: SchemaStore) async throws -> Bool {
        try await store.withSession { session in
            let first = try await session.batch(
                [lock.acquire, SQL.alongIndexes, Self.unpublished], in: store.schema)
            guard try first[0][0].get("locked") else { return false }
            let areAllOut: Bool
            do {
                var rows = first[2]
                guard !rows.isEmpty else {
                    // Another process has published what this one was woken for.
                    _ = try await session.query(lock.release)
                    return true
                }
                while rows.count == Self.batchSize {
                    let positions = try await session.keepingAlive { try await publish(rows) }
                    rows = try await session.batch(
                        [Self.mark(positions), SQL.alongIndexes, Self.unpublished], in: store.schema)[2]
                    if positions.isEmpty { throw Stalled() }
                }
                // A process that writes an event from now on tries to get the lock afterwards. It must find these marked,
                // so the marks are committed before the lock is released. If a mark is lost, the event leaves once more.
                let positions = try await session.keepingAlive { try await publish(rows) }
                _ = try await session.batch(
                    ["BEGIN", SQL.withoutWaitingForDisk, Self.mark(positions), "COMMIT", lock.release],
                    in: store.schema)
                areAllOut = positions.count == rows.count
            } catch {
                // If this fails, the session is lost, and the lock with it.
                _ = try? await session.query(lock.release)
                throw error
            }
            guard areAllOut else { throw Stalled() }
            return true
        }
    }

    /// Publishes the rows in order without waiting for each confirm; returns the positions of those that the broker has
    /// confirmed, without those that follow a failure in the same aggregate: they must leave again, behind it.
    private func publish(_ rows: [Row]) async throws -> [Int] {
        let messages = try rows.map(OutboxMessage.init)
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
}

/// Some of the events did not reach the broker.
private struct Stalled: Error {}

extension OutboxRelay {
    fileprivate static let batchSize = 128

    /// A process that ends leaves its events to the others, which notice that it has fallen silent; a broker that comes
    /// back causes a survey, too. What remains is what an operator changes by hand.
    fileprivate static let sweepInterval: Duration = .seconds(30)

    /// Tries to take over an outbox from another process: about two seconds, longer than a holder may be silent.
    fileprivate static let attempts = 100
    /// Tries between two checks that the holder still runs.
    fileprivate static let attemptsBetweenChecks = 10

    fileprivate static let unpublished: SQL = """
        SELECT \(OutboxMessage.columns) FROM outbox WHERE published_at IS NULL ORDER BY position LIMIT \(batchSize)
        """

    /// How many days published events stay in the outbox, to be replayed: docs/operations.md promises it.
    package static let retentionDays = 7

    /// The statement that deletes what was published longer ago.
    package static let prune: SQL =
        "DELETE FROM outbox WHERE published_at < now() - make_interval(days => \(retentionDays)::int)"

    fileprivate static func mark(_ positions: [Int]) -> SQL {
        "UPDATE outbox SET published_at = now() WHERE position = ANY (\(positions)::bigint[])"
    }
}
