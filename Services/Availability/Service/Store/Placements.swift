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
            throw CorruptRow(table: "placements")
        }
        (appointment, version) = (try row.get("appointment"), try row.get("version"))
        self.blocked = blocked
    }
}

/// A row breaks what the database should have made sure.
struct CorruptRow: Error {
    let table: String
}

enum Placements {
    private static let columns: SQL = "appointment, version, lower(blocked) AS from_, upper(blocked) AS to_"

    /// One appointment's placement.
    static func find(_ appointments: [AppointmentID]) -> SQL {
        "SELECT \(columns) FROM placements WHERE appointment = ANY (\(appointments)::uuid[])"
    }

    /// Everything that takes or took time of the window.
    static func meeting(_ window: BlockedTime) -> SQL {
        "SELECT \(columns) FROM placements WHERE blocked && tstzrange(\(window.from), \(window.to)) ORDER BY appointment"
    }

    /// Follows an appointment to a newer version; an older one changes nothing. One that takes nothing keeps the place
    /// that it had.
    static func follow(_ entry: AgendaEntry) -> SQL {
        guard let taken = entry.taken else {
            return """
                UPDATE placements SET version = \(entry.version), changed_at = \(entry.changedAt), is_taken = false
                WHERE appointment = \(entry.appointment) AND version < \(entry.version)
                """
        }
        return """
            INSERT INTO placements (appointment, version, changed_at, practitioner, room, blocked, is_taken)
            VALUES (\(entry.appointment), \(entry.version), \(entry.changedAt), \(taken.practitioner), \(taken.room),
                tstzrange(\(taken.blocked.from), \(taken.blocked.to)), true)
            ON CONFLICT (appointment) DO UPDATE SET version = excluded.version, changed_at = excluded.changed_at,
                practitioner = excluded.practitioner, room = excluded.room, blocked = excluded.blocked, is_taken = true
                WHERE placements.version < excluded.version
            """
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
                throw CorruptRow(table: "placements")
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
