import BookingDomain
import Postgres
import Primitives
import Scheduling

/// Practitioners and rooms as they are stored, with their hours.
enum ResourceRows {
    /// All of a kind, or one of them; their hours are read by ``hours(of:_:)``.
    static func find(_ kind: Resource.Kind, _ id: Identifier<Resource>? = nil) -> SQL {
        """
        SELECT id, name, is_active, version FROM resources
        WHERE kind = \(kind.rawValue) AND (\(id)::uuid IS NULL OR id = \(id)) ORDER BY name, id
        """
    }

    static func hours(of kind: Resource.Kind, _ id: Identifier<Resource>? = nil) -> SQL {
        """
        SELECT resource, weekday, opens, closes FROM opening_hours JOIN resources ON id = resource
        WHERE kind = \(kind.rawValue) AND (\(id)::uuid IS NULL OR id = \(id))
        """
    }

    static func views(_ resources: [Row], hours: [Row]) throws -> [ResourceView] {
        var weekly: [Identifier<Resource>: [Weekday: [OpeningInterval]]] = [:]
        for row in hours {
            guard let weekday = Weekday(rawValue: try row.get("weekday")) else {
                throw CorruptRow("opening_hours")
            }
            weekly[try row.get("resource"), default: [:]][weekday, default: []].append(try CalendarRows.interval(row))
        }
        return try resources.map { row in
            let id: Identifier<Resource> = try row.get("id")
            guard let name = Label(try row.get("name")) else { throw CorruptRow("resources") }
            let days = try (weekly[id] ?? [:]).mapValues(CalendarRows.dayHours)
            return ResourceView(
                id: id, name: name, hours: WeeklyHours(days), isActive: try row.get("is_active"),
                version: try row.get("version"), conflicts: nil)
        }
    }

    static func insert(_ hours: WeeklyHours, of resource: Identifier<Resource>) -> SQL {
        let rows = hours.days.flatMap { weekday, day in day.intervals.map { (weekday, $0) } }
        return """
            INSERT INTO opening_hours (resource, weekday, opens, closes)
            SELECT \(resource)::uuid, * FROM unnest(\(rows.map(\.0.rawValue))::int[],
                \(rows.map(\.1.opens.minutes))::int[], \(rows.map(\.1.closes.minutes))::int[])
            """
    }

    static func insert(_ hours: DayHours, on day: LocalDay, of resource: Identifier<Resource>) -> SQL {
        """
        INSERT INTO exception_hours (resource, day, opens, closes)
        SELECT \(resource)::uuid, \(day.description)::date, * FROM unnest(
            \(hours.intervals.map(\.opens.minutes))::int[], \(hours.intervals.map(\.closes.minutes))::int[])
        """
    }
}
