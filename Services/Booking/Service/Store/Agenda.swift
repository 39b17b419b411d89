import BookingDomain
import EventLoop
import Postgres
import Primitives
import Scheduling

/// What is taken, as the table `allocations` says.
enum Agenda {
    /// Everything taken that meets `range`. Holds that have lapsed no longer count, whoever tidies them up; nor does an
    /// appointment that is `moving`, for it does not stand in its own way.
    static func allocations(
        meeting range: TimeRange, at now: Instant, except moving: Identifier<Appointment>? = nil
    ) -> SQL {
        """
        SELECT resource, lower(during) AS from_, upper(during) AS to_ FROM allocations
        WHERE during && tstzrange(\(range.start), \(range.end)) AND (expires_at IS NULL OR expires_at > \(now))
            AND appointment IS DISTINCT FROM \(moving)::uuid
        """
    }

    /// Everything taken that can stand in the way of what `query` finds: of practitioners only the one that it names,
    /// if it does, for the others' agendas are most of the table. The index of `allocations_do_not_overlap` begins with
    /// the resource and is slow without it, so all resources are named where all are wanted.
    static func allocations(for query: SlotQuery, at now: Instant) -> SQL {
        let asked = query.practitioner
        return """
            \(allocations(meeting: query.window.reach, at: now)) AND resource = ANY (ARRAY(
                SELECT id FROM resources WHERE \(asked)::uuid IS NULL OR id = \(asked) OR kind = 'room'))
            """
    }

    static func allocations(_ rows: [Row]) throws -> [Allocation] {
        try rows.map { row in
            guard let range = TimeRange(try row.get("from_"), try row.get("to_")) else {
                throw CorruptRow("allocations")
            }
            return Allocation(resource: try row.get("resource"), range: range)
        }
    }

    /// Takes what the appointment's slot needs, in place of what it had. Lapsed holds in the way are cleared first; all
    /// others meet the constraint `allocations_do_not_overlap`.
    ///
    /// The constraint inserts before it looks, so two that want one slot at once would each wait for the other until
    /// the deadlock is found, a second later. Locks on the resources, in one order for all, make them come one by one.
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

    /// Frees what the appointment has.
    static func release(_ appointment: Identifier<Appointment>) -> SQL {
        "DELETE FROM allocations WHERE appointment = \(appointment)"
    }
}

extension AppointmentStatus {
    /// When the hold lapses; nil for all other states.
    var heldUntil: Instant? {
        if case .held(let until) = self { until } else { nil }
    }

    /// True while the slot is taken.
    var takesSlot: Bool {
        switch self {
        case .held, .confirmed, .completed, .noShow: true
        case .cancelled, .expired: false
        }
    }
}
