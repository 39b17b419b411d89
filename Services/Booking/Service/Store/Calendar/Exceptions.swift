import BookingDomain
import Messaging
import Postgres
import Primitives
import Scheduling

/// Days on which a practitioner or a room has other hours than in the week.
enum Exceptions {
    static func version(of day: LocalDay, of resource: Identifier<Resource>) -> Query<EntityVersion?> {
        .first("SELECT \(SQL.version) FROM exceptions WHERE resource = \(resource) AND day = \(day.description)") {
            try $0.version()
        }
    }

    /// The exceptions of these days, by day.
    static func list(of resource: Identifier<Resource>, in days: ClosedRange<LocalDay>) -> Query<[ExceptionView]> {
        Query(
            """
            SELECT e.day::text AS day, e.reason, e.version, \(SQL.generation) AS generation, h.opens, h.closes
            FROM exceptions e LEFT JOIN exception_hours h USING (resource, day)
            WHERE resource = \(resource) AND day BETWEEN \(days.lowerBound.description) AND \(days.upperBound.description)
            ORDER BY e.day
            """
        ) { rows in
            var hours: [LocalDay: [OpeningInterval]] = [:]
            for row in rows { hours[try row.day(), default: []] += try row.intervalIfAny() }
            var seen: Set<LocalDay> = []
            return try rows.filter { seen.insert(try $0.day()).inserted }.map { row in
                let day = try row.day()
                return ExceptionView(
                    day: day, hours: try DayHours(stored: hours[day] ?? []),
                    reason: try row.find("reason", as: String.self).map(Reason.init(stored:)),
                    version: try row.version(), conflicts: nil)
            }
        }
    }

    /// Sets the reason; answers the version. The hours are those of ``setHours(_:on:of:)``.
    static func set(_ day: LocalDay, of resource: Identifier<Resource>, reason: Reason?) -> Query<EntityVersion> {
        .one(
            """
            INSERT INTO exceptions (resource, day, reason) VALUES (\(resource), \(day.description), \(reason?.text))
            ON CONFLICT (resource, day) DO UPDATE SET reason = excluded.reason, version = exceptions.version + 1
            RETURNING \(SQL.version)
            """
        ) { try $0.version() }
    }

    static func setHours(_ hours: DayHours, on day: LocalDay, of resource: Identifier<Resource>) -> [SQL] {
        [
            "DELETE FROM exception_hours WHERE resource = \(resource) AND day = \(day.description)",
            """
            INSERT INTO exception_hours (resource, day, opens, closes)
            SELECT \(resource)::uuid, \(day.description)::date, * FROM unnest(
                \(hours.intervals.map(\.opens.minutes))::int[], \(hours.intervals.map(\.closes.minutes))::int[])
            """,
        ]
    }

    static func remove(_ day: LocalDay, of resource: Identifier<Resource>) -> SQL {
        "DELETE FROM exceptions WHERE resource = \(resource) AND day = \(day.description)"
    }
}
