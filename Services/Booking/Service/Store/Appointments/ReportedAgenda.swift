import BookingDomain
import GuichetProtocol
import Postgres
import Primitives
import Scheduling

/// What a report of the agenda answers to a service that keeps a copy.
enum ReportedAgenda {
    /// The appointments of `window` and of `known` whose version differs from the known one. One statement, so that all
    /// are read as of one instant.
    static func differences(in window: TimeRange, from known: [KnownAppointment]) -> Query<[AgendaEntry]> {
        .all(
            """
            WITH known AS (
                SELECT * FROM unnest(\(known.map(\.id))::uuid[], \(known.map(\.version))::bigint[]) AS known (id, seen)
            ), concerned AS (
                SELECT id FROM known
                UNION
                SELECT id FROM appointments
                WHERE starts_at >= \(window.origins.start) AND starts_at < \(window.origins.end)
                    AND blocked_from < \(window.end) AND blocked_to > \(window.start)
                    AND status IN ('held', 'confirmed', 'completed', 'no_show')
            )
            SELECT \(StoredAppointment.columns), updated_at
            FROM concerned JOIN appointments USING (id) LEFT JOIN known USING (id)
            WHERE version IS DISTINCT FROM seen ORDER BY id
            """, entry)
    }

    @Sendable private static func entry(_ row: Row) throws -> AgendaEntry {
        let appointment = try StoredAppointment(row).appointment
        return AgendaEntry(
            appointment: Identifier(appointment.id.uuid), version: appointment.version,
            changedAt: try row.get("updated_at"),
            taken: appointment.status.takesSlot ? taken(appointment.slot) : nil)
    }

    private static func taken(_ slot: Slot) -> TakenTime {
        TakenTime(
            practitioner: Identifier(slot.practitioner.uuid), room: slot.room.map { Identifier($0.uuid) },
            blocked: BlockedTime(slot.blocked))
    }
}
