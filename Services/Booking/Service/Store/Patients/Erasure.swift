import BookingDomain
import Postgres
import Primitives

/// What an erasure removes beside the contact.
enum Erasure {
    /// Removes what names or identifies the patient in appointments, history, consents, audit and stored answers.
    static func traces(of id: Identifier<Patient>) -> [SQL] {
        [removeReasons(id), removeAnswers(id), replaceAccounts(id)]
    }

    /// The held and confirmed appointments of a patient that are not over, by start.
    static func openAppointments(of id: Identifier<Patient>, at now: Instant) -> Query<[Identifier<Appointment>]> {
        .all(
            """
            SELECT id FROM appointments
            WHERE patient = \(id) AND (status = 'confirmed' OR held_until > \(now)) AND ends_at > \(now)
            ORDER BY starts_at
            """
        ) { try $0.get("id") }
    }

    /// The patient's own account, and those that booked for the patient.
    private static func accounts(_ id: Identifier<Patient>) -> SQL {
        """
        SELECT account FROM patients WHERE id = \(id) AND account IS NOT NULL
        UNION SELECT h.actor_id FROM appointment_history h JOIN appointments a ON a.id = h.appointment
            WHERE a.patient = \(id) AND h.actor = 'patient' AND h.actor_id IS NOT NULL
        """
    }

    /// Replaces the accounts by a pseudonym in the patient's appointments, in the holds that led to them, in the history,
    /// the consents and the audit.
    private static func replaceAccounts(_ id: Identifier<Patient>) -> SQL {
        let pseudonym = Identifier<Actor>.new()
        return """
            WITH accounts AS MATERIALIZED (
                \(accounts(id))
            ), theirs AS MATERIALIZED (
                SELECT id FROM appointments WHERE patient = \(id)
                    OR (patient IS NULL AND status <> 'held' AND owner IN (SELECT account FROM accounts))
            ), owners AS (
                UPDATE appointments SET owner = \(pseudonym)
                WHERE id IN (SELECT id FROM theirs) AND owner IN (SELECT account FROM accounts)
            ), recorders AS (
                UPDATE consents SET recorded_by = \(pseudonym)
                WHERE patient = \(id) AND recorded_by IN (SELECT account FROM accounts)
            ), readers AS (
                UPDATE access_audit SET actor = \(pseudonym)
                WHERE patient = \(id) AND actor IN (SELECT account FROM accounts)
            )
            UPDATE appointment_history SET actor_id = \(pseudonym)
            WHERE appointment IN (SELECT id FROM theirs) AND actor_id IN (SELECT account FROM accounts)
            """
    }

    /// A typed reason may name the person.
    private static func removeReasons(_ id: Identifier<Patient>) -> SQL {
        """
        UPDATE appointment_history SET reason = NULL
        WHERE reason IS NOT NULL AND appointment IN (SELECT id FROM appointments WHERE patient = \(id))
        """
    }

    /// Stored answers hold ids only, but beside them are the account and a digest of the request, which may have held
    /// name and telephone.
    private static func removeAnswers(_ id: Identifier<Patient>) -> SQL {
        """
        DELETE FROM idempotency_keys WHERE position(\(id.description) IN body) > 0
            OR EXISTS (SELECT FROM appointments a WHERE a.patient = \(id) AND position(a.id::text IN body) > 0)
            OR EXISTS (SELECT FROM (\(accounts(id))) AS accounts WHERE position(account::text IN scope) > 0)
        """
    }
}
