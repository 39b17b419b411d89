import Authentication
import BookingDomain
import Postgres
import Primitives

// Which patients and appointments a caller may see. Staff see all. A patient account sees the records that it entered or
// that staff linked to it, the appointments that it took, and all appointments of the linked records.

extension PatientRecords {
    /// The condition for a patient whom the caller may see.
    static func visible(_ id: Identifier<Patient>, to caller: Caller) -> SQL {
        let account = caller.isPatient ? caller.account : nil
        return "id = \(id) AND (\(account)::uuid IS NULL OR account = \(account))"
    }

    /// The condition for the patients among whom a name and telephone are looked for: an account's own; for staff all but
    /// those that an account asserts to be.
    static func matching(_ caller: Caller) -> SQL {
        caller.isPatient ? "account = \(caller.account)" : "(account IS NULL OR linked_at IS NOT NULL)"
    }
}

extension StoredAppointment {
    /// The account that is linked to the patient of a row of `appointments`.
    static let linkedAccount: SQL = """
        (SELECT account FROM patients WHERE patients.id = appointments.patient AND linked_at IS NOT NULL)
        """

    /// The condition in SQL for ``Caller/maySee(_:)``.
    static func visible(to caller: Caller) -> SQL {
        let account = caller.isPatient ? caller.account : nil
        return """
            (\(account)::uuid IS NULL OR owner = \(account)
                OR patient IN (SELECT id FROM patients WHERE account = \(account) AND linked_at IS NOT NULL))
            """
    }
}

extension Caller {
    /// True if they may see the appointment.
    func maySee(_ stored: StoredAppointment) -> Bool {
        !isPatient || stored.owner == account || stored.patientAccount == account
    }
}

/// The condition for rows of a patient, in a table with the author of each in the column `author`. An account that is not
/// linked to the patient sees those that it wrote.
func visibleRows(of patient: Identifier<Patient>, by author: SQL, to caller: Caller) -> SQL {
    let account = caller.isPatient ? caller.account : nil
    return """
        (patient = \(patient) AND (\(account)::uuid IS NULL OR \(author) = \(account)
            OR EXISTS (SELECT FROM patients WHERE id = \(patient) AND account = \(account) AND linked_at IS NOT NULL)))
        """
}
