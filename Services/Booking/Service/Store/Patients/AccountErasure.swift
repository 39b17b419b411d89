import BookingDomain
import Postgres
import Primitives

/// What the erasure of an account removes. The clinic keeps its records, appointments and consents; the account in them
/// becomes a pseudonym that is used for nothing else. What staff did stays under the id of their account, for the audit.
struct AccountErasure {
    private let account: Identifier<Actor>
    private let now: Instant
    private let pseudonym = Identifier<Actor>.new()

    init(of account: Identifier<Actor>, at now: Instant) { (self.account, self.now) = (account, now) }

    /// Statements of one transaction, in this order.
    var statements: [SQL] {
        [
            // Waits for the bookings under way, so that the statements below see them.
            "SELECT FROM patients WHERE account = \(account) FOR UPDATE",
            endHolds, replaceRecorder, replaceReader, replaceActor, erasePatients, replaceClaims, endLinks,
            "UPDATE appointments SET owner = \(pseudonym) WHERE owner = \(account)",
        ]
    }

    /// A hold that has lapsed is recorded as expired by the job for holds.
    private var endHolds: SQL {
        """
        WITH ended AS (
            UPDATE appointments SET held_until = \(now)
            WHERE owner = \(account) AND status = 'held' AND held_until > \(now) RETURNING id
        )
        UPDATE allocations SET expires_at = \(now) WHERE appointment IN (SELECT id FROM ended)
        """
    }

    /// Only accounts of patients are replaced: they leave lines in the audit.
    private var replaceRecorder: SQL {
        """
        UPDATE consents SET recorded_by = \(pseudonym)
        WHERE recorded_by = \(account)
            AND EXISTS (SELECT FROM access_audit WHERE actor = \(account) AND role = 'patient')
        """
    }

    private var replaceReader: SQL {
        "UPDATE access_audit SET actor = \(pseudonym) WHERE actor = \(account) AND role = 'patient'"
    }

    private var replaceActor: SQL {
        """
        UPDATE appointment_history SET actor_id = \(pseudonym) WHERE actor_id = \(account) AND actor = 'patient'
        """
    }

    /// A person whom only the account knows: staff have not linked the record, and there is no appointment.
    private var erasePatients: SQL {
        """
        WITH erased AS (
            UPDATE patients SET contact = NULL, phone_index = NULL, name_index = NULL, name_beginnings = NULL,
                email_index = NULL, account = NULL, erased_at = \(now), version = version + 1
            WHERE account = \(account) AND linked_at IS NULL
                AND NOT EXISTS (SELECT FROM appointments WHERE patient = patients.id)
            RETURNING id
        )
        INSERT INTO access_audit (role, action, patient) SELECT 'erasure', 'erase', id FROM erased
        """
    }

    /// A record of the account with appointments stays as it was: staff do not find it by name and telephone.
    private var replaceClaims: SQL {
        """
        UPDATE patients SET account = \(pseudonym), version = version + 1
        WHERE account = \(account) AND linked_at IS NULL
        """
    }

    /// A linked record is the clinic's alone.
    private var endLinks: SQL {
        """
        WITH unlinked AS (
            UPDATE patients SET account = NULL, linked_at = NULL, linked_by = NULL, version = version + 1
            WHERE account = \(account) RETURNING id
        )
        INSERT INTO access_audit (role, action, patient) SELECT 'erasure', 'unlink', id FROM unlinked
        """
    }
}
