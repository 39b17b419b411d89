import EventLoop
import FoundationEssentials
import GuichetProtocol
import Postgres

/// The record of what was handled, a row an aggregate with its last version, and the facts that wait.
enum Inbox {
    /// Reports, replays, ends of sessions and erasures of users are single messages whose aggregate never changes again; a
    /// repetition comes within days.
    static let prune: SQL = """
        DELETE FROM inbox WHERE aggregate LIKE ANY ('{report/%,replay/%,session/%,user/%}')
            AND handled_at < now() - interval '30 days'
        """

    /// Decides what to do about `events`, in their order, and records it with the end of the transaction. If another
    /// process records the first event of an aggregate at the same time, one of the two fails with a unique violation.
    ///
    /// - Parameters:
    ///   - isFact: whether an event may not be skipped.
    ///   - limit: the most facts to handle that have waited for these.
    @EventLoop
    static func advance(
        to events: [ReceivedEvent], where isFact: (EventAttributes) -> Bool, releasing limit: Int,
        in transaction: Transaction
    ) async throws -> InboxPlan {
        let aggregates = events.map { FollowedAggregate(of: $0.attributes) }
        let facts = events.map { isFact($0.attributes) }
        let known = try await progress(
            of: aggregates, withFactsOf: zip(aggregates, facts).filter(\.1).map(\.0), in: transaction)
        var plan = InboxPlan(known: known, releasing: limit)
        for (event, isFact) in zip(events, facts) { plan.add(event, isFact: isFact) }
        try await record(plan, in: transaction)
        return plan
    }

    /// Reads and locks how far aggregates were followed, in one round trip.
    @EventLoop
    static func progress(
        of aggregates: [FollowedAggregate], withFactsOf facts: [FollowedAggregate], in transaction: Transaction
    ) async throws -> [FollowedAggregate: AggregateProgress] {
        let inbox: SQL = """
            SELECT source, aggregate, generation, version FROM inbox JOIN \(table(aggregates)) USING (source, aggregate)
            ORDER BY source, aggregate FOR UPDATE OF inbox
            """
        let rows = try await transaction.batch(facts.isEmpty ? [inbox] : [inbox, HeldFacts.select(facts)])
        var held: [FollowedAggregate: [HeldFact]] = [:]
        for row in rows.dropFirst().joined() { held[try aggregate(in: row), default: []].append(try HeldFact(row)) }
        var known: [FollowedAggregate: AggregateProgress] = [:]
        for row in rows[0] {
            let aggregate = try aggregate(in: row)
            known[aggregate] = AggregateProgress(last: try version(in: row), held: held[aggregate, default: []])
        }
        return known
    }

    /// Writes what has changed with the end of the transaction.
    @EventLoop
    static func record(_ plan: InboxPlan, in transaction: Transaction) async throws {
        let changed = plan.progress.filter { plan.known[$0.key]?.last != $0.value.last }
        let newlyHeld = plan.newlyHeld
        if !newlyHeld.isEmpty { try await HeldFacts.requireSpace(for: newlyHeld.map(\.aggregate), in: transaction) }
        transaction.later(
            [
                insert(changed.filter { plan.known[$0.key] == nil }),
                update(changed.filter { plan.known[$0.key] != nil }),
                HeldFacts.deleteObsolete(changed.filter { plan.known[$0.key]?.held.isEmpty == false }),
            ].compactMap { $0 })
        transaction.later(newlyHeld.map { HeldFacts.insert($0.fact, of: $0.aggregate) })
        transaction.later(changed.compactMap { aggregate, progress in begin(aggregate, at: progress.baseline) })
    }

    static func aggregate(in row: Row) throws -> FollowedAggregate {
        FollowedAggregate(source: try row.get("source"), name: try row.get("aggregate"))
    }

    static func version(in row: Row) throws -> AggregateVersion {
        AggregateVersion(generation: try row.get("generation"), version: try row.get("version"))
    }

    private static func insert(_ progress: [FollowedAggregate: AggregateProgress]) -> SQL? {
        guard !progress.isEmpty else { return nil }
        return """
            INSERT INTO inbox (source, aggregate, generation, version)
            SELECT * FROM \(table(progress)) ORDER BY source, aggregate
            """
    }

    private static func update(_ progress: [FollowedAggregate: AggregateProgress]) -> SQL? {
        guard !progress.isEmpty else { return nil }
        return """
            UPDATE inbox SET generation = followed.generation, version = followed.version, handled_at = now()
            FROM \(table(progress)) WHERE inbox.source = followed.source AND inbox.aggregate = followed.aggregate
            """
    }

    private static func begin(_ aggregate: FollowedAggregate, at baseline: Int?) -> SQL? {
        baseline.map {
            """
            UPDATE inbox SET baseline = \($0) WHERE source = \(aggregate.source) AND aggregate = \(aggregate.name)
            """
        }
    }

    static func table(_ aggregates: [FollowedAggregate]) -> SQL {
        """
        unnest(\(aggregates.map(\.source))::text[], \(aggregates.map(\.name))::text[]) AS followed (source, aggregate)
        """
    }

    static func table(_ progress: [FollowedAggregate: AggregateProgress]) -> SQL {
        let (keys, values) = (Array(progress.keys), progress.values.map(\.last))
        return """
            unnest(
                \(keys.map(\.source))::text[], \(keys.map(\.name))::text[], \(values.map(\.generation))::bigint[],
                \(values.map(\.version))::bigint[]) AS followed (source, aggregate, generation, version)
            """
    }
}
