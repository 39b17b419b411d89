import GuichetProtocol
import Postgres
import Primitives
import Scheduling

/// What an appointment takes, or took last, as of the newest version heard of.
struct Placement: Sendable {
    let appointment: AppointmentID
    let version: Int
    let blocked: TimeRange

    init(_ row: Row) throws {
        guard let blocked = TimeRange(try row.get("from_"), try row.get("to_")) else {
            throw CorruptRow("placements")
        }
        (appointment, version) = (try row.get("appointment"), try row.get("version"))
        self.blocked = blocked
    }
}

enum Placements {
    private static let columns: SQL = "appointment, version, lower(blocked) AS from_, upper(blocked) AS to_"

    /// One appointment's placement.
    static func find(_ appointments: [AppointmentID]) -> SQL {
        "SELECT \(columns) FROM placements WHERE appointment = ANY (\(appointments)::uuid[])"
    }

    /// Everything that takes time of the window. What no longer does is over: Booking tells of whatever it has.
    static func meeting(_ window: BlockedTime) -> SQL {
        """
        SELECT \(columns) FROM placements
        WHERE is_taken AND blocked && tstzrange(\(window.from), \(window.to)) ORDER BY appointment
        """
    }

    /// Follows appointments to newer versions, the last entry of each; an older one changes nothing. One that takes nothing
    /// keeps the place that it had.
    static func follow(_ entries: [AgendaEntry]) -> [SQL] {
        let last = Dictionary(entries.map { ($0.appointment, $0) }, uniquingKeysWith: { $1 }).values
        let left = last.filter { $0.taken == nil }
        let taken = last.compactMap { entry in entry.taken.map { (entry: entry, time: $0) } }
        // Whoever follows several does it in one order.
        return [
            left.isEmpty
                ? nil
                : """
                WITH told AS (
                    SELECT appointment, told.version, told.changed_at
                    FROM unnest(\(left.map(\.appointment))::uuid[], \(left.map(\.version))::bigint[],
                        \(left.map(\.changedAt))::timestamptz[]) AS told (appointment, version, changed_at)
                        JOIN placements USING (appointment)
                    ORDER BY appointment FOR NO KEY UPDATE OF placements
                )
                UPDATE placements SET version = told.version, changed_at = told.changed_at, is_taken = false
                FROM told WHERE placements.appointment = told.appointment AND placements.version < told.version
                """,
            taken.isEmpty
                ? nil
                : """
                INSERT INTO placements (appointment, version, changed_at, practitioner, room, blocked, is_taken)
                SELECT appointment, version, changed_at, practitioner, nullif(room, '')::uuid, tstzrange(from_, to_), true
                FROM unnest(\(taken.map(\.entry.appointment))::uuid[], \(taken.map(\.entry.version))::bigint[],
                    \(taken.map(\.entry.changedAt))::timestamptz[], \(taken.map(\.time.practitioner))::uuid[],
                    \(taken.map { $0.time.room?.description ?? "" })::text[],
                    \(taken.map(\.time.blocked.from))::timestamptz[], \(taken.map(\.time.blocked.to))::timestamptz[])
                    AS told (appointment, version, changed_at, practitioner, room, from_, to_)
                ORDER BY appointment
                ON CONFLICT (appointment) DO UPDATE SET version = excluded.version, changed_at = excluded.changed_at,
                    practitioner = excluded.practitioner, room = excluded.room, blocked = excluded.blocked, is_taken = true
                    WHERE placements.version < excluded.version
                """,
        ].compactMap { $0 }
    }

    /// What is taken in the reach of each of these days.
    static func allocations(of days: [(day: LocalDay, reach: TimeRange)]) -> SQL {
        """
        SELECT wanted.day::text AS day, practitioner, room, lower(blocked) AS from_, upper(blocked) AS to_
        FROM unnest(\(days.map(\.day.description))::date[], \(days.map(\.reach.start))::timestamptz[],
            \(days.map(\.reach.end))::timestamptz[]) AS wanted (day, from_, to_)
            JOIN placements ON is_taken AND blocked && tstzrange(wanted.from_, wanted.to_)
        """
    }

    static func allocations(_ rows: [Row]) throws -> [LocalDay: [Allocation]] {
        var allocations: [LocalDay: [Allocation]] = [:]
        for row in rows {
            guard let blocked = TimeRange(try row.get("from_"), try row.get("to_")) else {
                throw CorruptRow("placements")
            }
            let resources: [Identifier<Resource>?] = [try row.get("practitioner"), try row.find("room")]
            allocations[try Days.day(row), default: []] += resources.compactMap { $0 }.map {
                Allocation(resource: $0, range: blocked)
            }
        }
        return allocations
    }

    /// Those that ended long ago.
    static func prune(before instant: Instant) -> SQL {
        "DELETE FROM placements WHERE blocked << tstzrange(\(instant), NULL)"
    }
}
