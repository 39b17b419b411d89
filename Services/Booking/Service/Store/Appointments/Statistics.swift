import BookingDomain
import Postgres
import Primitives
import Scheduling

/// Numbers of the appointments that start in a period.
enum Statistics {
    /// How many appointments there are of each status, care and practitioner.
    static func counts(from: Instant, to: Instant) -> Query<[AppointmentCount]> {
        .all(
            """
            SELECT status, care_type, practitioner, count(*) AS number,
                sum(extract(epoch FROM ends_at - starts_at))::bigint / 60 AS minutes
            FROM appointments WHERE starts_at >= \(from) AND starts_at < \(to)
            GROUP BY status, care_type, practitioner
            """
        ) { row in
            AppointmentCount(
                status: try row.get("status"), careType: try row.get("care_type"),
                practitioner: try row.get("practitioner"), count: try row.get("number"),
                minutes: try row.get("minutes"))
        }
    }

    /// The median time between booking and start; nil if there is no appointment.
    static func medianLeadMinutes(from: Instant, to: Instant) -> Query<Int?> {
        .one(
            """
            SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM starts_at - created_at)) / 60)
                ::bigint AS minutes
            FROM appointments WHERE starts_at >= \(from) AND starts_at < \(to) AND status NOT IN ('held', 'expired')
            """
        ) { try $0.find("minutes") }
    }
}
