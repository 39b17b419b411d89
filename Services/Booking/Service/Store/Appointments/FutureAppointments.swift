import BookingDomain
import Postgres
import Primitives
import Scheduling

/// Appointments that a change of the calendar may leave outside the hours.
enum FutureAppointments {
    /// The held and confirmed appointments of a resource, or of all, that end after `from` and start before `to`.
    static func find(of resource: Identifier<Resource>?, from: Instant, to: Instant?) -> Query<[StoredAppointment]> {
        .all(
            """
            SELECT \(StoredAppointment.columns) FROM appointments
            WHERE status IN ('held', 'confirmed') AND ends_at > \(from)
                AND (\(to)::timestamptz IS NULL OR starts_at < \(to))
                AND (\(resource)::uuid IS NULL OR practitioner = \(resource) OR room = \(resource))
            ORDER BY starts_at, id
            """, StoredAppointment.init)
    }
}
