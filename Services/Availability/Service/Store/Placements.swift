import GuichetProtocol
import Postgres
import Primitives
import Scheduling

/// The time that an appointment takes, or took last, in the newest version that is known.
struct Placement: Sendable {
    let appointment: AppointmentID
    let version: Int
    let blocked: TimeRange

    fileprivate init(_ row: Row) throws {
        (appointment, version) = (try row.get("appointment"), try row.get("version"))
        blocked = try Placements.blocked(row)
    }
}

/// The statements about the time that appointments take.
enum Placements {
    private static let columns: SQL = "appointment, version, lower(blocked) AS from_, upper(blocked) AS to_"

    /// The placements of these appointments.
    static func find(_ appointments: [AppointmentID]) -> Query<[AppointmentID: Placement]> {
        Query("SELECT \(columns) FROM placements WHERE appointment = ANY (\(appointments)::uuid[])") { rows in
            Dictionary(try rows.map(Placement.init).map { ($0.appointment, $0) }, uniquingKeysWith: { $1 })
        }
    }

    /// The placements that take time in the window. Those that no longer do are not needed: Booking reports whatever it
    /// has.
    static func meeting(_ window: BlockedTime) -> Query<[Placement]> {
        .all(
            """
            SELECT \(columns) FROM placements
            WHERE is_taken AND blocked && tstzrange(\(window.from), \(window.to)) ORDER BY appointment
            """, Placement.init)
    }

    /// How many of these versions no event has brought, nor a later one of the same appointment.
    static func unheard(_ versions: [KnownAppointment]) -> Query<Int> {
        .one(
            """
            SELECT count(*) AS unheard
            FROM unnest(\(versions.map(\.id))::uuid[], \(versions.map(\.version))::bigint[]) AS corrected (id, number)
                LEFT JOIN inbox ON source = '/guichet/booking' AND aggregate = 'appointment/' || id
            WHERE coalesce(version, 0) < number
            """
        ) { try $0.get("unheard") }
    }

    /// Whether the views contain this version of the appointment.
    static func isShown(_ appointment: AppointmentID, version: Int) -> Query<Bool> {
        Query(
            """
            SELECT FROM placements WHERE appointment = \(appointment) AND version >= \(version)
                AND NOT EXISTS (
                    SELECT FROM publications JOIN days USING (day)
                    WHERE view_version IS NULL AND aggregate = \("appointment/\(appointment)"))
            """
        ) { !$0.isEmpty }
    }

    /// Updates appointments to newer versions, to the last entry of each; an older one changes nothing. An appointment
    /// that takes no time keeps the place that it had. Rows are locked in the order of their ids, so that concurrent
    /// transactions do not deadlock.
    static func follow(_ entries: [AgendaEntry]) -> [SQL] {
        let last = Dictionary(entries.map { ($0.appointment, $0) }, uniquingKeysWith: { $1 }).values
        let left = last.filter { $0.taken == nil }
        let taken = last.compactMap { entry in entry.taken.map { (entry: entry, time: $0) } }
        return [left.isEmpty ? nil : release(left), taken.isEmpty ? nil : take(taken)].compactMap { $0 }
    }

    private static func release(_ entries: [AgendaEntry]) -> SQL {
        """
        WITH news AS (
            SELECT appointment, news.version, news.changed_at
            FROM unnest(\(entries.map(\.appointment))::uuid[], \(entries.map(\.version))::bigint[],
                \(entries.map(\.changedAt))::timestamptz[]) AS news (appointment, version, changed_at)
                JOIN placements USING (appointment)
            ORDER BY appointment FOR NO KEY UPDATE OF placements
        )
        UPDATE placements SET version = news.version, changed_at = news.changed_at, is_taken = false
        FROM news WHERE placements.appointment = news.appointment AND placements.version < news.version
        """
    }

    private static func take(_ taken: [(entry: AgendaEntry, time: TakenTime)]) -> SQL {
        """
        INSERT INTO placements (appointment, version, changed_at, practitioner, room, blocked, is_taken)
        SELECT appointment, version, changed_at, practitioner, nullif(room, '')::uuid, tstzrange(from_, to_), true
        FROM unnest(\(taken.map(\.entry.appointment))::uuid[], \(taken.map(\.entry.version))::bigint[],
            \(taken.map(\.entry.changedAt))::timestamptz[], \(taken.map(\.time.practitioner))::uuid[],
            \(taken.map { $0.time.room?.description ?? "" })::text[],
            \(taken.map(\.time.blocked.from))::timestamptz[], \(taken.map(\.time.blocked.to))::timestamptz[])
            AS news (appointment, version, changed_at, practitioner, room, from_, to_)
        ORDER BY appointment
        ON CONFLICT (appointment) DO UPDATE SET version = excluded.version, changed_at = excluded.changed_at,
            practitioner = excluded.practitioner, room = excluded.room, blocked = excluded.blocked, is_taken = true
            WHERE placements.version < excluded.version
        """
    }

    /// What is taken in the reach of each of these days.
    static func allocations(of days: [(day: LocalDay, reach: TimeRange)]) -> Query<[LocalDay: [Allocation]]> {
        Query(
            """
            SELECT wanted.day::text AS day, practitioner, room, lower(blocked) AS from_, upper(blocked) AS to_
            FROM unnest(\(days.map(\.day.description))::date[], \(days.map(\.reach.start))::timestamptz[],
                \(days.map(\.reach.end))::timestamptz[]) AS wanted (day, from_, to_)
                JOIN placements ON is_taken AND blocked && tstzrange(wanted.from_, wanted.to_)
            """
        ) { rows in
            var allocations: [LocalDay: [Allocation]] = [:]
            for row in rows {
                let range = try blocked(row)
                let resources: [Identifier<Resource>?] = [try row.get("practitioner"), try row.find("room")]
                allocations[try Days.day(row), default: []] += resources.compactMap { $0 }.map {
                    Allocation(resource: $0, range: range)
                }
            }
            return allocations
        }
    }

    /// Removes the placements that ended before `instant`.
    static func prune(before instant: Instant) -> SQL {
        "DELETE FROM placements WHERE blocked << tstzrange(\(instant), NULL)"
    }

    fileprivate static func blocked(_ row: Row) throws -> TimeRange {
        guard let blocked = TimeRange(try row.get("from_"), try row.get("to_")) else { throw CorruptRow("placements") }
        return blocked
    }
}
