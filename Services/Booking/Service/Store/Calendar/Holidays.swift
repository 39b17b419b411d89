import BookingDomain
import Messaging
import Postgres
import Primitives

/// Days on which the whole clinic is closed.
enum Holidays {
    static func version(of day: LocalDay) -> Query<EntityVersion?> {
        .first("SELECT \(SQL.version) FROM holidays WHERE day = \(day.description)") { try $0.version() }
    }

    static func days(since day: LocalDay) -> Query<[LocalDay]> {
        .all("SELECT day::text AS day FROM holidays WHERE day >= \(day.description)::date") { try $0.day() }
    }

    static func list(in days: ClosedRange<LocalDay>) -> Query<[HolidayView]> {
        .all(
            """
            SELECT day::text AS day, name, \(SQL.version) FROM holidays
            WHERE day BETWEEN \(days.lowerBound.description) AND \(days.upperBound.description) ORDER BY holidays.day
            """
        ) { row in
            HolidayView(
                day: try row.day(), name: Label(stored: try row.get("name")), version: try row.version(), conflicts: nil
            )
        }
    }

    /// Answers the version.
    static func set(_ day: LocalDay, name: Label) -> Query<EntityVersion> {
        .one(
            """
            INSERT INTO holidays (day, name) VALUES (\(day.description), \(name.text))
            ON CONFLICT (day) DO UPDATE SET name = excluded.name, version = holidays.version + 1
            RETURNING \(SQL.version)
            """
        ) { try $0.version() }
    }

    static func remove(_ day: LocalDay) -> SQL { "DELETE FROM holidays WHERE day = \(day.description)" }
}
