import Authentication
import BookingDomain
import Messaging
import Postgres
import Primitives
import Scheduling

/// An appointment as it is stored.
struct StoredAppointment: Sendable {
    let appointment: Appointment
    /// The account that took it.
    let owner: Identifier<Actor>
    /// The account that is linked to the patient.
    let patientAccount: Identifier<Actor>?
    /// That of the appointment's version.
    let generation: Int

    var version: EntityVersion { EntityVersion(generation: generation, number: appointment.version) }

    static let columns: SQL = """
        id, care_type, practitioner, room, patient, starts_at, ends_at, blocked_from, blocked_to, status, held_until,
        owner, \(SQL.version), sequence,
        \(linkedAccount) AS patient_account
        """

    init(_ row: Row) throws {
        guard let careType = CareType(rawValue: try row.get("care_type")),
            let range = TimeRange(try row.get("starts_at"), try row.get("ends_at")),
            let blocked = TimeRange(try row.get("blocked_from"), try row.get("blocked_to")),
            let status = AppointmentStatus(name: try row.get("status"), heldUntil: try row.find("held_until"))
        else { throw CorruptRow("appointments") }
        let slot = Slot(
            careType: careType, practitioner: try row.get("practitioner"), room: try row.find("room"), range: range,
            blocked: blocked)
        appointment = Appointment(
            stored: try row.get("id"), slot: slot, patient: try row.find("patient"), status: status,
            version: try row.get("version"), sequence: try row.get("sequence"))
        (owner, patientAccount) = (try row.get("owner"), try row.find("patient_account"))
        generation = try row.get("generation")
    }

    static func find(_ id: Identifier<Appointment>) -> Query<StoredAppointment?> {
        .first("SELECT \(columns) FROM appointments WHERE id = \(id)", StoredAppointment.init)
    }

    /// The appointments of a patient that the caller may see, by start.
    static func find(of patient: Identifier<Patient>, visibleTo caller: Caller) -> Query<[StoredAppointment]> {
        .all(
            """
            SELECT \(columns) FROM appointments WHERE patient = \(patient) AND \(visible(to: caller))
            ORDER BY starts_at, id
            """, StoredAppointment.init)
    }

    /// Stores the appointment as it is after a fact.
    static func upsert(_ fact: AppointmentFact, owner: Identifier<Actor>) -> SQL {
        let after = fact.after
        let slot = after.slot
        return """
            INSERT INTO appointments (id, care_type, practitioner, room, patient, starts_at, ends_at, blocked_from,
                blocked_to, status, held_until, owner, version, sequence, created_at, updated_at)
            VALUES (\(after.id), \(slot.careType.rawValue), \(slot.practitioner), \(slot.room), \(after.patient),
                \(slot.range.start), \(slot.range.end), \(slot.blocked.start), \(slot.blocked.end),
                \(after.status.name), \(after.status.heldUntil), \(owner), \(after.version), \(after.sequence),
                \(fact.change.instant), \(fact.change.instant))
            ON CONFLICT (id) DO UPDATE SET practitioner = excluded.practitioner, room = excluded.room,
                patient = excluded.patient, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
                blocked_from = excluded.blocked_from, blocked_to = excluded.blocked_to, status = excluded.status,
                held_until = excluded.held_until, version = excluded.version, sequence = excluded.sequence,
                updated_at = excluded.updated_at
            """
    }

    /// Adds the fact to the history. Its key refuses a writer that did not know the newest version.
    static func record(_ fact: AppointmentFact) -> SQL {
        let (change, after) = (fact.change, fact.after)
        return """
            INSERT INTO appointment_history (appointment, version, event, at, actor, actor_id, reason, status,
                practitioner, room, starts_at, ends_at)
            VALUES (\(after.id), \(fact.version), \(fact.event.rawValue), \(change.instant), \(change.actor.kind),
                \(change.actor.id), \(change.reason?.text), \(after.status.name), \(after.slot.practitioner),
                \(after.slot.room), \(after.slot.range.start), \(after.slot.range.end))
            """
    }
}

extension Actor {
    var kind: String {
        switch self {
        case .patient: "patient"
        case .staff: "staff"
        case .serviceAccount: "service_account"
        case .system: "system"
        }
    }

    var id: Identifier<Actor>? {
        switch self {
        case .patient(let id), .staff(let id), .serviceAccount(let id): id
        case .system: nil
        }
    }
}

extension AppointmentView {
    /// An appointment as it is stored.
    init(_ stored: StoredAppointment, _ catalog: ClinicCatalog) {
        self.init(stored.appointment, in: stored.generation, catalog)
    }
}
