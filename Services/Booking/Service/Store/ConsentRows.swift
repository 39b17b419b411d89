import Authentication
import BookingDomain
import Postgres
import Primitives

/// Every answer that patients gave; nothing is ever changed or removed here.
enum ConsentRows {
    static func insert(_ consent: Consent, of patient: Identifier<Patient>, by caller: Caller) -> SQL {
        """
        INSERT INTO consents (patient, purpose, is_granted, version, given_at, recorded_by)
        VALUES (\(patient), \(consent.purpose.rawValue), \(consent.isGranted), \(consent.version), \(consent.instant),
            \(caller.account))
        """
    }

    /// The oldest first.
    static func find(_ patient: Identifier<Patient>) -> SQL {
        "SELECT purpose, is_granted, version, given_at FROM consents WHERE patient = \(patient) ORDER BY id"
    }

    static func consents(_ rows: [Row]) throws -> [Consent] {
        try rows.map { row in
            guard let purpose = Consent.Purpose(rawValue: try row.get("purpose")),
                let consent = Consent(
                    purpose, isGranted: try row.get("is_granted"), version: try row.get("version"),
                    at: try row.get("given_at"))
            else { throw CorruptRow("consents") }
            return consent
        }
    }
}
