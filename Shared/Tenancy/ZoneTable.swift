package import EventLoop
import Postgres
package import Primitives

/// The offsets of time zones from PostgreSQL, three years each way.
///
/// Each zone is read once, however many callers ask for it at a time, and again once a day, in the background.
@EventLoop
package final class ZoneTable {
    private static let lifetime: Duration = .seconds(86_400)

    private var known: [String: (offsets: ZoneOffsets, read: ContinuousClock.Instant)] = [:]
    /// The statements under way.
    private var readings: [String: Task<ZoneOffsets, any Error>] = [:]

    package nonisolated init() {}

    /// The offsets of `zone`, an IANA name that PostgreSQL knows.
    package func offsets(of zone: String, from data: SchemaStore) async throws -> ZoneOffsets {
        if let entry = known[zone] {
            // If this fails, the next caller tries again.
            if .now - entry.read > Self.lifetime, readings[zone] == nil { _ = read(zone, from: data) }
            return entry.offsets
        }
        while let reading = readings[zone] {
            // The reading may use another database server: if it fails, this caller reads the zone itself.
            if case .success(let offsets) = await reading.result { return offsets }
        }
        return try await read(zone, from: data).value
    }

    private func read(_ zone: String, from data: SchemaStore) -> Task<ZoneOffsets, any Error> {
        let reading = EventLoop.start { [self] in
            defer { readings[zone] = nil }
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
        readings[zone] = reading
        return reading
    }

    /// The start of the period, then the first half hour with each new offset. Only the days on which the offset changes
    /// are examined by the half hour.
    private static func changes(of zone: String) -> SQL {
        """
        WITH days AS (
            SELECT at, \(secondsEast(of: zone)) AS seconds_east
            FROM generate_series(date_trunc('day', now()) - interval '3 years',
                                 date_trunc('day', now()) + interval '3 years', interval '1 day') AS at
        ), spans AS (
            SELECT at AS day, seconds_east, lead(seconds_east) OVER (ORDER BY at) AS later FROM days
        ), moments AS (
            SELECT at, \(secondsEast(of: zone)) AS seconds_east
            FROM spans, generate_series(day, day + interval '1 day', interval '30 minutes') AS at
            WHERE seconds_east <> later
        ), steps AS (
            SELECT at, seconds_east, lag(seconds_east) OVER (ORDER BY at) AS before FROM moments
        )
        (SELECT at, seconds_east FROM days ORDER BY at LIMIT 1)
        UNION ALL (SELECT at, seconds_east FROM steps WHERE before <> seconds_east ORDER BY at)
        """
    }

    private static func secondsEast(of zone: String) -> SQL {
        "extract(epoch FROM (at AT TIME ZONE \(zone)) - (at AT TIME ZONE 'UTC'))::int"
    }
}

/// PostgreSQL has no such time zone, although Identity checked it when the tenant was created.
struct UnknownZone: Error {
    let name: String
}
