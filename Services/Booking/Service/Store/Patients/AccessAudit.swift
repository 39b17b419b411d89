import Authentication
import BookingDomain
import GuichetProtocol
import Postgres
import Primitives
import Runtime

/// Who read or changed the data of which patient: stored by the transaction that does it.
enum AccessAudit {
    /// One line for each patient of a condition of ``PatientRecords``.
    static func record(_ action: AccessView.Action, by caller: Caller, where condition: SQL) -> SQL {
        record(action, actor: caller.account, role: caller.kind, where: condition)
    }

    /// The line of an erasure; without a caller it is that of the end of the retention.
    static func recordErasure(of patient: Identifier<Patient>, by caller: Caller?) -> SQL {
        record(.erase, actor: caller?.account, role: caller?.kind ?? "retention", where: "id = \(patient)")
    }

    private static func record(
        _ action: AccessView.Action, actor: Identifier<Actor>?, role: String, where condition: SQL
    ) -> SQL {
        """
        INSERT INTO access_audit (actor, role, action, patient, trace_id)
        SELECT \(actor)::uuid, \(role), \(action.rawValue), id, \(TraceContext.current?.traceID)
        FROM patients WHERE \(condition)
        """
    }

    static func record(_ action: AccessView.Action, by caller: Caller, of patient: Identifier<Patient>) -> SQL {
        record(action, by: caller, where: "id = \(patient)")
    }

    /// One line for each of these patients.
    static func record(
        _ action: AccessView.Action, by caller: Caller, ofEach patients: [Identifier<Patient>]
    ) -> Query<Void> {
        guard !patients.isEmpty else { return .known(()) }
        return .run(record(action, by: caller, where: "id = ANY (\(patients)::uuid[])"))
    }

    /// One line for the patient of an appointment, if the caller may see it.
    static func record(_ action: AccessView.Action, by caller: Caller, in appointment: Identifier<Appointment>) -> SQL {
        record(
            action, by: caller,
            where: """
                id = (SELECT patient FROM appointments
                    WHERE id = \(appointment) AND \(StoredAppointment.visible(to: caller)))
                """)
    }

    /// Removes lines that are older than the retention allows, at most `limit`.
    static func prune(before retention: Retention, limit: Int) -> SQL {
        """
        DELETE FROM access_audit
        WHERE id IN (SELECT id FROM access_audit WHERE at < \(retention.begin) LIMIT \(limit))
        """
    }

    /// The newest lines about a patient that the caller may see, before the line numbered `before`.
    static func find(
        _ patient: Identifier<Patient>, for caller: Caller, before: Int? = nil, limit: Int? = nil
    ) -> Query<[AccessView]> {
        .all(
            """
            SELECT id, at, actor, role, action, trace_id FROM access_audit
            WHERE \(visibleRows(of: patient, by: "actor", to: caller))
                AND (\(before)::bigint IS NULL OR id < \(before)) ORDER BY id DESC LIMIT \(limit)
            """
        ) { row in
            guard let action = AccessView.Action(rawValue: try row.get("action")) else {
                throw CorruptRow("access_audit")
            }
            return AccessView(
                number: try row.get("id"), at: try row.get("at"), actor: try row.find("actor"),
                role: try row.get("role"), action: action, traceId: try row.find("trace_id"))
        }
    }
}
