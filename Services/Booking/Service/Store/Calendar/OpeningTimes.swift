import Postgres
import Primitives
import Scheduling

/// When practitioners and rooms are there: in each week, and on days with other hours.
enum OpeningTimes {
    /// The weekly hours of all resources.
    static let weekly: Query<[Identifier<Resource>: [Weekday: DayHours]]> =
        Query("SELECT resource, weekday, opens, closes FROM opening_hours", week)

    /// The weekly hours of the resources of a kind, or of one of them.
    static func weekly(
        of kind: Resource.Kind, _ id: Identifier<Resource>? = nil
    ) -> Query<[Identifier<Resource>: [Weekday: DayHours]]> {
        Query(
            """
            SELECT resource, weekday, opens, closes FROM opening_hours JOIN resources ON id = resource
            WHERE kind = \(kind.rawValue) AND (\(id)::uuid IS NULL OR id = \(id))
            """, week)
    }

    /// The days from `day` on that have other hours, by resource; closed ones have none.
    static func exceptions(since day: LocalDay) -> Query<[Identifier<Resource>: [LocalDay: DayHours]]> {
        Query(
            """
            SELECT e.resource, e.day::text AS day, h.opens, h.closes
            FROM exceptions e LEFT JOIN exception_hours h USING (resource, day) WHERE e.day >= \(day.description)::date
            """
        ) { rows in
            var dated: [Identifier<Resource>: [LocalDay: [OpeningInterval]]] = [:]
            for row in rows {
                dated[try row.get("resource"), default: [:]][try row.day(), default: []] += try row.intervalIfAny()
            }
            return try dated.mapValues { try $0.mapValues(DayHours.init(stored:)) }
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

    static func removeWeek(of resource: Identifier<Resource>) -> SQL {
        "DELETE FROM opening_hours WHERE resource = \(resource)"
    }

    @Sendable private static func week(_ rows: [Row]) throws -> [Identifier<Resource>: [Weekday: DayHours]] {
        var weekly: [Identifier<Resource>: [Weekday: [OpeningInterval]]] = [:]
        for row in rows {
            guard let weekday = Weekday(rawValue: try row.get("weekday")) else { throw CorruptRow("opening_hours") }
            weekly[try row.get("resource"), default: [:]][weekday, default: []] += try row.intervalIfAny()
        }
        return try weekly.mapValues { try $0.mapValues(DayHours.init(stored:)) }
    }
}

extension DayHours {
    /// The hours of a day as stored. Throws ``CorruptRow`` if its intervals overlap.
    init(stored intervals: [OpeningInterval]) throws {
        guard let hours = DayHours(intervals) else { throw CorruptRow("calendar") }
        self = hours
    }
}

extension Row {
    /// The column `day`.
    func day() throws -> LocalDay {
        guard let day = LocalDay(try get("day", as: String.self)) else { throw CorruptRow("calendar") }
        return day
    }

    /// The interval of the columns `opens` and `closes`; none if they are NULL.
    func intervalIfAny() throws -> [OpeningInterval] {
        guard let opens = try find("opens", as: Int.self) else { return [] }
        guard let opens = MinuteOfDay(minutes: opens), let closes = MinuteOfDay(minutes: try get("closes")),
            let interval = OpeningInterval(opens, closes)
        else { throw CorruptRow("calendar") }
        return [interval]
    }
}
