import Authentication
import BookingDomain
import GuichetProtocol
import Postgres
import Primitives
import Runtime

/// Who read or changed the data of which patient: written by the transaction that does it.
enum AccessAudit {
    /// What was done; the raw value is stored.
    enum Action: String, Codable, CaseIterable, Sendable {
        case register, read, search, change, consent, export, erase
        case readConsents = "read_consents"
        case readAccesses = "read_accesses"
        case listAppointments = "list_appointments"
        case readAppointment = "read_appointment"
        case readHistory = "read_history"
    }

    /// One line for each patient of a condition of ``PatientRecords``.
    static func record(_ action: Action, by caller: Caller, where condition: SQL) -> SQL {
        record(action, actor: caller.account, role: caller.role.rawValue, where: condition)
    }

    /// The line of an erasure that nobody asked for: the data had been kept long enough.
    static func recordRetention(of patient: Identifier<Patient>) -> SQL {
        record(.erase, actor: nil, role: "retention", where: "id = \(patient)")
    }

    private static func record(
        _ action: Action, actor: Identifier<Actor>?, role: String, where condition: SQL
    ) -> SQL {
        """
        INSERT INTO access_audit (actor, role, action, patient, trace_id)
        SELECT \(actor)::uuid, \(role), \(action.rawValue), id, \(TraceContext.current?.traceID)
        FROM patients WHERE \(condition)
        """
    }

    static func record(_ action: Action, by caller: Caller, of patient: Identifier<Patient>) -> SQL {
        record(action, by: caller, where: "id = \(patient)")
    }

    /// One line for each of the patients that these appointments have: none for a hold without one.
    static func record(_ action: Action, by caller: Caller, in appointments: [Appointment]) -> [SQL] {
        let patients = Set(appointments.compactMap(\.patient))
        return patients.isEmpty ? [] : [record(action, by: caller, where: "id = ANY (\(Array(patients))::uuid[])")]
    }

    /// One line for the patient of an appointment, if the caller may see it.
    static func record(_ action: Action, by caller: Caller, in appointment: Identifier<Appointment>) -> SQL {
        record(
            action, by: caller,
            where: """
                id = (SELECT patient FROM appointments
                    WHERE id = \(appointment) AND \(AppointmentRow.visible(to: caller)))
                """)
    }

    /// Drops lines that are older than `begin`, at most `limit`.
    static func prune(before begin: SQL, limit: Int) -> SQL {
        "DELETE FROM access_audit WHERE id IN (SELECT id FROM access_audit WHERE at < \(begin) LIMIT \(limit))"
    }

    /// The newest lines about a patient, before the line numbered `before`.
    static func find(_ patient: Identifier<Patient>, before: Int? = nil, limit: Int? = nil) -> SQL {
        """
        SELECT id, at, actor, role, action, trace_id FROM access_audit
        WHERE patient = \(patient) AND (\(before)::bigint IS NULL OR id < \(before)) ORDER BY id DESC LIMIT \(limit)
        """
    }
}
