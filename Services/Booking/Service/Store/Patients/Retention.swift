import BookingDomain
import Postgres
import Primitives

/// How far back personal data are kept.
struct Retention {
    /// The instant before which data are no longer kept.
    let begin: SQL

    init(years: Int, before now: Instant) {
        begin = "(\(now)::timestamptz - make_interval(years => \(years)::int))"
    }

    /// Patients who are not erased and have neither been registered nor had an appointment since, the oldest first.
    func endedPatients(limit: Int) -> Query<[Identifier<Patient>]> {
        .all(
            """
            SELECT id FROM patients WHERE erased_at IS NULL AND created_at < \(begin)
                AND NOT EXISTS (SELECT FROM appointments WHERE patient = patients.id AND ends_at >= \(begin))
            ORDER BY created_at LIMIT \(limit)
            """
        ) { try $0.get("id") }
    }
}
