import BookingDomain
import Postgres
import Primitives
import Scheduling

/// The time of an appointment, in which its patient may have others.
struct AppointmentPeriod {
    private let start: SQL
    private let end: SQL
    /// The appointment itself.
    private let own: Identifier<Appointment>?
    private let now: Instant

    /// The time of a new appointment for a care.
    static func new(_ slot: SlotQuery, at now: Instant) -> AppointmentPeriod {
        let start: SQL = "\(slot.window.start)::timestamptz"
        let length = length(of: "\(slot.careType.rawValue)")
        return AppointmentPeriod(start: start, end: "\(start) + \(length)", own: nil, now: now)
    }

    /// The present time of an appointment.
    static func present(of id: Identifier<Appointment>, at now: Instant) -> AppointmentPeriod {
        AppointmentPeriod(
            start: "(SELECT starts_at FROM appointments WHERE id = \(id))",
            end: "(SELECT ends_at FROM appointments WHERE id = \(id))", own: id, now: now)
    }

    /// The time of an appointment that is moved to another start.
    static func moved(_ id: Identifier<Appointment>, to start: Instant, at now: Instant) -> AppointmentPeriod {
        let length = length(of: "(SELECT care_type FROM appointments WHERE id = \(id))")
        let start: SQL = "\(start)::timestamptz"
        return AppointmentPeriod(start: start, end: "\(start) + \(length)", own: id, now: now)
    }

    private static func length(of careType: SQL) -> SQL {
        "make_interval(mins => (SELECT duration_minutes FROM care_types WHERE care_type = \(careType)))"
    }

    /// The other appointments of a patient in this time, as an expression for ``appointments(_:)``.
    func appointments(of patient: SQL) -> SQL {
        """
        (SELECT string_agg(other.id::text, ' ' ORDER BY other.starts_at, other.id) FROM appointments AS other
            WHERE other.patient = \(patient) AND other.starts_at < \(end) AND other.ends_at > \(start)
                AND (other.status = 'confirmed' OR other.status = 'held' AND other.held_until > \(now))
                AND other.id IS DISTINCT FROM \(own)::uuid)
        """
    }

    /// The appointments in the column `simultaneous`.
    static func appointments(_ row: Row) throws -> [Identifier<Appointment>] {
        try (row.find("simultaneous", as: String.self) ?? "").split(separator: " ").compactMap { Identifier($0) }
    }

    /// The other appointments of the patient of the appointment itself.
    var ofItsPatient: Query<[Identifier<Appointment>]> {
        let patient: SQL = "(SELECT patient FROM appointments WHERE id = \(own))"
        return .one("SELECT \(appointments(of: patient)) AS simultaneous", Self.appointments)
    }
}
