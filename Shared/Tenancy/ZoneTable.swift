package import EventLoop
import Postgres
package import Primitives

/// The offsets of time zones from PostgreSQL: three years each way, read once a day for each zone.
@EventLoop
package final class ZoneTable {
    private var known: [String: (offsets: ZoneOffsets, read: ContinuousClock.Instant)] = [:]

    package nonisolated init() {}

    /// The offsets of `zone`, an IANA name that PostgreSQL knows.
    package func offsets(of zone: String, from data: SchemaStore) async throws -> ZoneOffsets {
        if let entry = known[zone], .now - entry.read < .seconds(86_400) { return entry.offsets }
        let rows = try await data.query(Self.changes(of: zone))
        let changes = try rows.dropFirst().map {
            ZoneOffsets.Change(at: try $0.get("at"), secondsEast: try $0.get("seconds_east"))
        }
        guard let first = rows.first,
            let offsets = ZoneOffsets(initial: try first.get("seconds_east"), changes: changes)
        else { throw UnknownZone(name: zone) }
        known[zone] = (offsets, .now)
        return offsets
    }

    /// The first half hour with each new offset; the first row is the start of the period.
    private static func changes(of zone: String) -> SQL {
        """
        WITH clock AS (
            SELECT at, extract(epoch FROM (at AT TIME ZONE \(zone)) - (at AT TIME ZONE 'UTC'))::int AS seconds_east
            FROM generate_series(date_trunc('day', now()) - interval '3 years',
                                 date_trunc('day', now()) + interval '3 years', interval '30 minutes') AS at
        ), steps AS (
            SELECT at, seconds_east, lag(seconds_east) OVER (ORDER BY at) AS before FROM clock
        )
        SELECT at, seconds_east FROM steps WHERE before IS DISTINCT FROM seconds_east ORDER BY at
        """
    }
}

/// PostgreSQL has no such time zone, although Identity checked it when the tenant was created.
struct UnknownZone: Error {
    let name: String
}
