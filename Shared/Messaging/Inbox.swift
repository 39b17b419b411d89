import EventLoop
import GuichetProtocol
import Postgres

/// The record of what was handled: one row an aggregate, with its version of last time.
enum Inbox {
    /// A report is about nothing that goes on: its number serves once, and comes again within days if at all.
    static let prune: SQL =
        "DELETE FROM inbox WHERE aggregate LIKE 'report/%' AND handled_at < now() - interval '30 days'"

    /// Says which of the events are new, in their order, and records them with the end of the transaction. Should another
    /// process record the first event of an aggregate at the same time, one of the two fails at that constraint.
    @EventLoop
    static func advance(to events: [EventAttributes], in transaction: Transaction) async throws -> [Bool] {
        let rows = try await transaction.query(
            """
            SELECT source, aggregate, version FROM inbox
            JOIN unnest(\(events.map(\.source))::text[], \(events.map(\.subject))::text[]) AS told (source, aggregate)
                USING (source, aggregate)
            ORDER BY source, aggregate FOR UPDATE OF inbox
            """)
        var known: [Aggregate: Int] = [:]
        for row in rows {
            known[Aggregate(source: try row.get("source"), name: try row.get("aggregate"))] = try row.get("version")
        }
        var latest = known
        let areNew = events.map { event in
            let aggregate = Aggregate(source: event.source, name: event.subject)
            let before = latest[aggregate] ?? 0
            guard event.version > before else { return false }
            latest[aggregate] = event.version
            return true
        }
        transaction.later(
            [
                record(latest.filter { known[$0.key] == nil }),
                advance(latest.filter { known[$0.key] ?? $0.value < $0.value }),
            ].compactMap { $0 })
        return areNew
    }

    private struct Aggregate: Hashable {
        let source: String
        let name: String
    }

    private static func record(_ versions: [Aggregate: Int]) -> SQL? {
        guard !versions.isEmpty else { return nil }
        return """
            INSERT INTO inbox (source, aggregate, version) SELECT * FROM \(table(versions)) ORDER BY source, aggregate
            """
    }

    private static func advance(_ versions: [Aggregate: Int]) -> SQL? {
        guard !versions.isEmpty else { return nil }
        return """
            UPDATE inbox SET version = told.version, handled_at = now() FROM \(table(versions))
            WHERE inbox.source = told.source AND inbox.aggregate = told.aggregate
            """
    }

    private static func table(_ versions: [Aggregate: Int]) -> SQL {
        let (keys, values) = (Array(versions.keys), Array(versions.values))
        return """
            unnest(\(keys.map(\.source))::text[], \(keys.map(\.name))::text[], \(values)::bigint[])
                AS told (source, aggregate, version)
            """
    }
}
