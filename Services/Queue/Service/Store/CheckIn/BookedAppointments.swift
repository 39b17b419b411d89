import GuichetProtocol
import Postgres
import Primitives
import QueueDomain

/// The appointments of Booking, as its events say.
enum BookedAppointments {
    /// What a check-in is decided on.
    struct Facts: Sendable {
        /// How many tickets of the queue are open.
        let open: Int
        /// Nil if no event of the appointment has arrived.
        let booked: BookedTime?
    }

    /// What the check-in of an appointment in a queue is decided on.
    static func facts(_ id: Identifier<BookedAppointment>, in queue: Identifier<Queue>) -> Query<Facts> {
        .one(
            """
            SELECT (SELECT count(*) FROM tickets WHERE queue = \(queue) AND \(Tickets.areOpen)) AS open,
                starts_at, care_type, status
            FROM (SELECT 1) AS always LEFT JOIN booked_appointments ON id = \(id)
            """
        ) { row in
            let due: Instant? = try row.find("starts_at")
            return Facts(
                open: try row.get("open"),
                booked: try due.map { due in
                    BookedTime(
                        due: due, careType: CareName(stored: try row.get("care_type")),
                        isConfirmed: try row.get("status", as: String.self) == "confirmed")
                })
        }
    }

    /// The open ticket of an appointment, and how its queue shows numbers; nil if there is none.
    static func ticket(
        of id: Identifier<BookedAppointment>
    ) -> Query<(ticket: Ticket, numbers: NumberFormat)?> {
        .first(
            """
            SELECT \(Tickets.columns), number_prefix, number_digits
            FROM tickets JOIN LATERAL (SELECT number_prefix, number_digits FROM queues WHERE queues.id = queue) AS q ON true
            WHERE appointment = \(id) AND \(Tickets.areOpen)
            """
        ) { row in
            (
                try Tickets.ticket(row),
                NumberFormat(storedPrefix: try row.get("number_prefix"), digits: try row.get("number_digits"))
            )
        }
    }

    /// Stores what events say of appointments.
    static func follow(_ appointments: [AppointmentSnapshot]) -> SQL {
        """
        INSERT INTO booked_appointments (id, starts_at, ends_at, care_type, patient, status)
        SELECT id, starts_at, ends_at, care_type, nullif(patient, '')::uuid, status
        FROM unnest(\(appointments.map(\.id))::uuid[], \(appointments.map(\.start))::timestamptz[],
            \(appointments.map(\.end))::timestamptz[], \(appointments.map(\.careType))::text[],
            \(appointments.map { $0.patient?.description ?? "" })::text[], \(appointments.map(\.status))::text[])
            AS news (id, starts_at, ends_at, care_type, patient, status)
        ON CONFLICT (id) DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at,
            care_type = excluded.care_type, patient = excluded.patient, status = excluded.status
        """
    }

    /// Removes the appointments that ended before an instant.
    static func prune(before instant: Instant) -> SQL { "DELETE FROM booked_appointments WHERE ends_at < \(instant)" }
}
