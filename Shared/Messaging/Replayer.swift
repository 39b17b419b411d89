import AMQP
import EventLoop
import GuichetProtocol
import Postgres
import Primitives
import Runtime
import Tenancy

/// Sends events of the outboxes of a service again to another service that has asked for them, to its queues alone.
@EventLoop
final class Replayer {
    private static let batchSize = 128
    /// The most versions of an aggregate that are replayed for one request.
    private static let versionLimit = 100_000

    private let service: TenantSlug
    private let directory: TenantDirectory
    private let publisher: AMQPPublisher
    private let log = Logger("replay")
    private var isRunning = false
    /// True when requests came in during a run.
    private var mustRepeat = false

    init(_ service: TenantSlug, _ directory: TenantDirectory, _ publisher: AMQPPublisher) {
        (self.service, self.directory, self.publisher) = (service, directory, publisher)
    }

    /// Records a request, if it is for this service.
    func accept(_ event: CloudEvent<ReplayRequested>, _ context: Subscription.Context) async throws {
        let request = event.data
        guard request.publisher == service, request.asker != service else { return }
        let missing = request.missing
        let from = missing?.from ?? 1
        let through = missing.map { min($0.through, from + Self.versionLimit) }
        try await context.transaction.query(
            """
            INSERT INTO replays (id, asker, tenant, kind, aggregate, generation, from_version, through_version)
            VALUES (\(event.id), \(request.asker), \(event.tenantid), \(request.aggregate), \(missing?.subject),
                \(missing?.generation ?? 1), \(from), \(through ?? Int.max))
            ON CONFLICT DO NOTHING
            """)
        context.afterCommit { [self] in EventLoop.start { await self.run() } }
    }

    /// Carries out the requests; in one process of the service at a time.
    func run() async {
        guard !isRunning else {
            mustRepeat = true
            return
        }
        isRunning = true
        repeat {
            mustRepeat = false
            await runOnce()
        } while mustRepeat
        isRunning = false
    }

    private func runOnce() async {
        do {
            let registry = directory.registry.inBackground
            guard try await !registry.query("SELECT FROM replays LIMIT 1").isEmpty else { return }
            // Missing facts are asked for again; a whole history is asked for once.
            try await registry.query(
                """
                DELETE FROM replays WHERE asked_at < now() - CASE
                    WHEN aggregate IS NULL THEN make_interval(days => \(OutboxRelay.retentionDays)::int)
                    ELSE interval '1 hour' END
                """)
            _ = try await registry.exclusively("replay") { try await self.runAll(in: registry) }
        } catch {
            log.warning("a replay will be tried again", [.error: String(reflecting: error)])
        }
    }

    private func runAll(in registry: SchemaStore) async throws {
        var faults: [any Error] = []
        // In no order: those of a tenant that is away must not keep the others waiting.
        for row in try await registry.query("SELECT * FROM replays ORDER BY random() LIMIT 100") {
            do {
                try await run(Request(row), in: registry)
            } catch {
                faults.append(error)
            }
        }
        if let fault = faults.first { throw fault }
    }

    private func run(_ request: Request, in registry: SchemaStore) async throws {
        // An event of a tenant is recorded in its schema or in the service's own.
        let tenant =
            request.tenant == .platform ? nil : try await directory.storeOfAny(request.tenant)?.data.inBackground
        let stores = [registry] + (tenant.map { [$0] } ?? [])
        var (count, begin) = (0, request.through + (request.through == Int.max ? 0 : 1))
        for store in stores {
            count += try await replay(request, from: store)
            if request.aggregate != nil { begin = min(begin, try await self.begin(of: request, in: store)) }
        }
        log.info("events were replayed", [.name: "\(request.kind) for \(request.asker)", .count: count])
        var statements: [SQL] = ["DELETE FROM replays WHERE id = \(request.id)"]
        if let aggregate = request.aggregate {
            let answer = ReplayCompleted(
                asker: request.asker, publisher: service, subject: aggregate, generation: request.generation,
                begin: begin)
            // The request was the first version of its aggregate.
            statements.append(
                "\(try Outbox.record(answer, of: request.id.description, version: 2, tenant: request.tenant, at: .now)) ON CONFLICT DO NOTHING"
            )
        }
        try await registry.batch(statements)
    }

    /// Publishes the events in their order; returns how many.
    private func replay(_ request: Request, from store: SchemaStore) async throws -> Int {
        var (count, position) = (0, 0)
        while true {
            let rows = try await store.query(request.events(after: position, limit: Self.batchSize))
            for row in rows {
                var message = try OutboxMessage(row)
                position = message.position
                guard let shard = message.outgoing.routingKey.split(separator: ".").last.flatMap({ Int($0) }) else {
                    continue
                }
                message.outgoing.exchange = EventRouting.parking
                message.outgoing.routingKey = EventRouting.queue(request.asker, shard: shard)
                if try row.get("begins_history") { message.outgoing.headers[EventRouting.historyHeader] = "true" }
                try await publisher.publish(message.outgoing)
            }
            count += rows.count
            if rows.count < Self.batchSize { return count }
        }
    }

    /// The version from which on the outbox has all versions that are missing.
    private func begin(of request: Request, in store: SchemaStore) async throws -> Int {
        try await store.query(
            """
            SELECT coalesce(max(missing) + 1, \(request.from)) AS begin
            FROM generate_series(\(request.from)::bigint, \(request.through)::bigint) AS missing
            WHERE NOT EXISTS (SELECT FROM outbox WHERE aggregate = \(request.aggregate) AND version = missing)
            """)[0].get("begin")
    }
}

/// A row of `replays`.
private struct Request {
    let id: EventID
    let asker: TenantSlug
    let tenant: TenantSlug
    let kind: String
    let aggregate: String?
    let generation: Int
    let from: Int
    let through: Int

    init(_ row: Row) throws {
        (id, asker, tenant) = (try row.get("id"), try row.get("asker"), try row.get("tenant"))
        (kind, aggregate, generation) = (try row.get("kind"), try row.find("aggregate"), try row.get("generation"))
        (from, through) = (try row.get("from_version"), try row.get("through_version"))
    }

    /// Events that were published; the others leave anyway.
    func events(after position: Int, limit: Int) -> SQL {
        """
        SELECT \(OutboxMessage.columns), version > 1 AND NOT EXISTS (
            SELECT FROM outbox AS older WHERE older.aggregate = outbox.aggregate AND older.version < outbox.version
        ) AS begins_history
        FROM outbox WHERE published_at IS NOT NULL AND position > \(position)
            AND starts_with(routing_key, \("\(tenant).")) AND starts_with(aggregate, \("\(kind)/"))
            AND (\(aggregate)::text IS NULL OR aggregate = \(aggregate)) AND version BETWEEN \(from) AND \(through)
        ORDER BY position LIMIT \(limit)
        """
    }
}
