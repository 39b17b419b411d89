import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres

/// The table of facts that wait for their predecessor, in the schema in which they will be handled.
enum HeldFacts {
    /// The most facts of one aggregate, and of one schema, that wait. What comes beyond waits in the broker.
    static let aggregateLimit = 1000
    static let schemaLimit = 10_000
    /// How many facts that waited are handled in one transaction.
    static let batchSize = 32

    /// The facts that are next in each generation of the aggregates: one more than are handled, which shows that more wait.
    static func select(_ aggregates: [FollowedAggregate]) -> SQL {
        """
        SELECT * FROM (
            SELECT held_facts.*, row_number() OVER (
                PARTITION BY source, aggregate, generation ORDER BY version) AS place
            FROM held_facts
            WHERE (source, aggregate) IN (SELECT * FROM \(Inbox.table(aggregates)))
        ) AS facts WHERE place <= \(batchSize + 1) ORDER BY source, aggregate, generation, version
        """
    }

    /// Aggregates of which a fact can be handled, or has been and is still here.
    static let ready: SQL = """
        SELECT DISTINCT inbox.source, inbox.aggregate FROM held_facts JOIN inbox USING (source, aggregate)
        WHERE state <> 'parked' AND (
            (held_facts.generation = inbox.generation AND held_facts.version = inbox.version + 1)
            OR (held_facts.generation > inbox.generation AND held_facts.version = generation_start
                AND generation_start <= inbox.version + 1))
        LIMIT \(batchSize)
        """

    /// Throws ``TooManyHeldFacts`` if as many wait as may.
    @EventLoop
    static func requireSpace(for aggregates: [FollowedAggregate], in transaction: Transaction) async throws {
        let (keys, places) = (Set(aggregates), aggregates.count)
        let counts = try await transaction.batch([
            """
            SELECT source, aggregate, count(*) AS held FROM held_facts
            WHERE (source, aggregate) IN (SELECT * FROM \(Inbox.table(Array(keys)))) GROUP BY source, aggregate
            """,
            "SELECT count(*) AS held FROM (SELECT FROM held_facts LIMIT \(schemaLimit)) AS facts",
        ])
        let fullest = try counts[0].map { try $0.get("held", as: Int.self) }.max() ?? 0
        let all: Int = try counts[1][0].get("held")
        guard fullest + places <= aggregateLimit, all + places <= schemaLimit else { throw TooManyHeldFacts() }
    }

    static func insert(_ fact: HeldFact, of aggregate: FollowedAggregate) -> SQL {
        let event = fact.event?.attributes
        return """
            INSERT INTO held_facts (
                source, aggregate, generation, version, generation_start, state, event_id, type, body)
            VALUES (\(aggregate.source), \(aggregate.name), \(fact.version.generation), \(fact.version.version),
                \(fact.generationStart), 'held', \(event?.id), \(event?.type),
                \(fact.event.map { String(decoding: $0.body, as: UTF8.self) }))
            ON CONFLICT (source, aggregate, generation, version) DO UPDATE
                SET state = 'held', body = excluded.body WHERE held_facts.state = 'parked'
            """
    }

    /// The statements that let a fact block those behind it, or let them pass it over.
    static func mark(_ event: EventAttributes, as state: HeldFact.State) -> [SQL] {
        let version = AggregateVersion(of: event)
        return [
            """
            INSERT INTO inbox (source, aggregate, version) VALUES (\(event.source), \(event.subject), 0)
            ON CONFLICT DO NOTHING
            """,
            """
            INSERT INTO held_facts (source, aggregate, generation, version, generation_start, state, event_id, type)
            SELECT source, aggregate, \(version.generation)::bigint, \(version.version)::bigint, \(event.start)::bigint,
                \(state.rawValue), \(event.id)::uuid, \(event.type)
            FROM inbox WHERE source = \(event.source) AND aggregate = \(event.subject)
                AND (generation, version) < (\(version.generation)::bigint, \(version.version)::bigint)
            ON CONFLICT (source, aggregate, generation, version) DO UPDATE SET state = excluded.state, body = NULL
            """,
        ]
    }

    static func deleteObsolete(_ progress: [FollowedAggregate: AggregateProgress]) -> SQL? {
        guard !progress.isEmpty else { return nil }
        return """
            DELETE FROM held_facts USING \(Inbox.table(progress))
            WHERE held_facts.source = followed.source AND held_facts.aggregate = followed.aggregate
                AND (held_facts.generation, held_facts.version) <= (followed.generation, followed.version)
            """
    }
}

/// As many facts wait as may: this one waits in the broker.
struct TooManyHeldFacts: Error {}

extension HeldFact {
    init(_ row: Row) throws {
        let state = State(rawValue: try row.get("state")) ?? .parked
        let body = try row.find("body", as: String.self).map { Array($0.utf8) }
        let event = try body.map { body in
            ReceivedEvent(
                attributes: try JSONDecoder().decode(EventAttributes.self, from: Data(body)), body: body)
        }
        self.init(try Inbox.version(in: row), startingAt: try row.get("generation_start"), state, event)
    }
}
