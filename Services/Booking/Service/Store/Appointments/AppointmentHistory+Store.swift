import BookingDomain
import Postgres
import Primitives

extension AppointmentHistory {
    /// The history of an appointment; empty if there is no such appointment.
    static func find(_ appointment: Identifier<Appointment>) -> Query<AppointmentHistory> {
        Query.all(
            """
            SELECT version, event, at, actor, actor_id, reason, status, practitioner, room, starts_at, ends_at
            FROM appointment_history WHERE appointment = \(appointment) ORDER BY version
            """, Entry.init
        ).map(AppointmentHistory.init)
    }

    /// The histories of all appointments of a patient.
    static func find(of patient: Identifier<Patient>) -> Query<[Identifier<Appointment>: AppointmentHistory]> {
        Query(
            """
            SELECT h.* FROM appointment_history h JOIN appointments a ON a.id = h.appointment
            WHERE a.patient = \(patient) ORDER BY h.appointment, h.version
            """
        ) { rows in
            var entries: [Identifier<Appointment>: [Entry]] = [:]
            for row in rows { entries[try row.get("appointment"), default: []].append(try Entry(row)) }
            return entries.mapValues(AppointmentHistory.init)
        }
    }
}

extension AppointmentHistory.Entry {
    fileprivate init(_ row: Row) throws {
        self.init(
            version: try row.get("version"), event: try Self.published(row.get("event")), at: try row.get("at"),
            actor: try row.get("actor"), actorId: try row.find("actor_id"), reason: try row.find("reason"),
            status: try row.get("status"), practitioner: try row.get("practitioner"), room: try row.find("room"),
            start: try row.get("starts_at"), end: try row.get("ends_at"))
    }

    /// The verb of the published event: a booking without a hold is published as a confirmation.
    private static func published(_ event: String) -> String {
        event == AppointmentEvent.booked.rawValue ? AppointmentEvent.confirmed.rawValue : event
    }
}
