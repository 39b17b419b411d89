import FoundationEssentials
import GuichetProtocol
import Postgres
import Primitives

/// The statements about the calendar of a tenant.
enum CalendarRows {
    /// Reads the calendar's version and locks it against changes until the transaction ends; nil before the first.
    static let sharedVersion: Query<EntityVersion?> = .first("SELECT \(version) FROM calendar FOR SHARE", read)
    /// Reads the calendar's version before changing it; nil before the first.
    static let lockedVersion: Query<EntityVersion?> = .first("SELECT \(version) FROM calendar FOR UPDATE", read)

    private static let version: SQL = "version, \(BookingGeneration.number) AS generation"
    private static let read: @Sendable (Row) throws -> EntityVersion = {
        EntityVersion(generation: try $0.get("generation"), number: try $0.get("version"))
    }

    /// How many days ahead can be booked; nil before the first calendar.
    static let horizon: Query<Int?> = .first("SELECT horizon_days FROM calendar") { try $0.get("horizon_days") }

    /// The calendar as Booking sent it.
    static let snapshot: Query<CalendarSnapshot> = .one("SELECT snapshot FROM calendar") { row in
        let json: String = try row.get("snapshot")
        return try JSONDecoder().decode(CalendarSnapshot.self, from: Data(json.utf8))
    }

    /// The event that brought the calendar; nil before the first.
    static let cause: Query<Cause?> = .first(
        """
        SELECT event_id, event_type, event_subject AS aggregate, event_version AS aggregate_version, happened_at,
            NULL AS correlation FROM calendar
        """
    ) { try Cause($0) }

    /// Stores a newer calendar in place of the present one. If two first calendars are stored at the same moment, the
    /// newer one stays: a row that does not exist cannot be locked.
    static func store(_ snapshot: CalendarSnapshot, zone: String, because cause: Cause) throws -> SQL {
        let json = String(decoding: try JSONEncoder().encode(snapshot), as: UTF8.self)
        return """
            INSERT INTO calendar (version, snapshot, horizon_days, time_zone, event_id, event_type, event_subject,
                event_version, happened_at)
            VALUES (\(snapshot.version), \(json), \(snapshot.horizonDays), \(zone), \(cause.id), \(cause.type),
                \(cause.aggregate), \(cause.version), \(cause.time))
            ON CONFLICT (only_row) DO UPDATE SET version = excluded.version, snapshot = excluded.snapshot,
                horizon_days = excluded.horizon_days, time_zone = excluded.time_zone, event_id = excluded.event_id,
                event_type = excluded.event_type, event_subject = excluded.event_subject,
                event_version = excluded.event_version, happened_at = excluded.happened_at
            WHERE calendar.version < excluded.version
            """
    }
}
