import BookingDomain
import EventLoop
import Postgres
import Primitives
import Scheduling

/// The time that appointments take of practitioners and rooms.
enum Allocations {
    /// Everything taken that overlaps `range`, without lapsed holds and without the appointment that is `moving`.
    static func overlapping(
        _ range: TimeRange, at now: Instant, except moving: Identifier<Appointment>
    ) -> Query<[Allocation]> {
        .all(statement(range, at: now, except: moving), allocation)
    }

    private static func statement(
        _ range: TimeRange, at now: Instant, except moving: Identifier<Appointment>?
    ) -> SQL {
        """
        SELECT resource, lower(during) AS from_, upper(during) AS to_ FROM allocations
        WHERE during && tstzrange(\(range.start), \(range.end)) AND (expires_at IS NULL OR expires_at > \(now))
            AND appointment IS DISTINCT FROM \(moving)::uuid
        """
    }

    /// Everything taken that can conflict with the slots of `query`. If the query names a practitioner, the other
    /// practitioners are left out: their allocations are most of the table. The index of `allocations_do_not_overlap`
    /// begins with the resource and is slow without it, so all resources are named where all are wanted.
    /// The appointment that is `moving` is left out.
    static func conflicting(
        with query: SlotQuery, at now: Instant, except moving: Identifier<Appointment>? = nil
    ) -> Query<[Allocation]> {
        let asked = query.practitioner
        return .all(
            """
            \(statement(query.window.reach, at: now, except: moving)) AND resource = ANY (ARRAY(
                SELECT id FROM resources WHERE \(asked)::uuid IS NULL OR id = \(asked) OR kind = 'room'))
            """, allocation)
    }

    @Sendable private static func allocation(_ row: Row) throws -> Allocation {
        guard let range = TimeRange(try row.get("from_"), try row.get("to_")) else { throw CorruptRow("allocations") }
        return Allocation(resource: try row.get("resource"), range: range)
    }

    /// Replaces the allocations of the appointment by those of its slot. Lapsed holds of that time are removed first;
    /// anything else there violates the constraint `allocations_do_not_overlap`.
    ///
    /// The constraint is checked after the insert, so two transactions that want one slot would wait for each other
    /// until PostgreSQL finds the deadlock a second later. Locks on the resources, always in the same order, prevent it.
    static func take(_ appointment: Appointment, at now: Instant) -> [SQL] {
        let wanted = appointment.slot.allocations
        let blocked = appointment.slot.blocked
        let rows = wanted.map { allocation -> SQL in
            """
            (\(allocation.resource)::uuid, tstzrange(\(blocked.start), \(blocked.end)), \(appointment.id)::uuid,
                \(appointment.status.heldUntil)::timestamptz)
            """
        }
        return [
            """
            SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ' ' || resource, 0))
            FROM (SELECT unnest(\(wanted.map(\.resource))::uuid[]) AS resource ORDER BY 1) AS ordered
            """,
            """
            DELETE FROM allocations WHERE resource = ANY (\(wanted.map(\.resource))::uuid[])
                AND during && tstzrange(\(blocked.start), \(blocked.end)) AND expires_at <= \(now)
            """,
            release(appointment.id),
            "INSERT INTO allocations (resource, during, appointment, expires_at) VALUES \(SQL.joined(rows, separator: ", "))",
        ]
    }

    /// Removes the allocations of the appointment.
    static func release(_ appointment: Identifier<Appointment>) -> SQL {
        "DELETE FROM allocations WHERE appointment = \(appointment)"
    }
}
