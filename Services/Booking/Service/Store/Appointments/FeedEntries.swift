import BookingDomain
import Postgres
import Primitives
import Scheduling

extension AgendaFeed.Entry {
    /// The appointments of a practitioner that their feed shows, by start: from `past` on, without holds, and cancelled
    /// ones if they were cancelled after `cancelledSince`.
    static func find(
        of practitioner: Identifier<Resource>, since past: Instant, cancelledSince: Instant, limit: Int
    ) -> Query<[AgendaFeed.Entry]> {
        .all(
            """
            SELECT \(StoredAppointment.columns), created_at, updated_at FROM appointments
            WHERE practitioner = \(practitioner) AND starts_at > \(past) AND patient IS NOT NULL
                AND (status IN ('confirmed', 'completed', 'no_show')
                    OR status = 'cancelled' AND updated_at > \(cancelledSince))
            ORDER BY starts_at, id LIMIT \(limit)
            """
        ) { row in
            AgendaFeed.Entry(
                appointment: try StoredAppointment(row).appointment, created: try row.get("created_at"),
                updated: try row.get("updated_at"))
        }
    }
}
