import Authentication
import BookingDomain
import Postgres
import Primitives
import Scheduling

/// A list of appointments, by start.
struct AppointmentList {
    /// Which appointments; nil means all.
    struct Filter {
        let from: Instant?
        let to: Instant?
        let practitioner: Identifier<Resource>?
        let patient: Identifier<Patient>?
        let status: String?
    }

    /// Where a page ended.
    struct Position: Codable {
        let start: Instant
        let id: Identifier<Appointment>
    }

    let filter: Filter
    /// The end of the page before; nil for the first page.
    let position: Position?

    /// At most `limit` appointments that the caller may see.
    func find(visibleTo caller: Caller, limit: Int) -> Query<[StoredAppointment]> {
        .all(
            """
            SELECT \(StoredAppointment.columns) FROM appointments
            WHERE (\(filter.from)::timestamptz IS NULL OR starts_at >= \(filter.from))
                AND (\(filter.to)::timestamptz IS NULL OR starts_at < \(filter.to))
                AND (\(filter.practitioner)::uuid IS NULL OR practitioner = \(filter.practitioner))
                AND (\(filter.patient)::uuid IS NULL OR patient = \(filter.patient))
                AND (\(filter.status)::text IS NULL OR status = \(filter.status))
                AND \(StoredAppointment.visible(to: caller))
                AND (\(position?.start)::timestamptz IS NULL
                    OR (starts_at, id) > (\(position?.start)::timestamptz, \(position?.id)::uuid))
            ORDER BY starts_at, id LIMIT \(limit)
            """, StoredAppointment.init)
    }
}
