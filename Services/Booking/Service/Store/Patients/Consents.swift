import Authentication
import BookingDomain
import Postgres
import Primitives

/// Every answer that patients gave. Nothing is ever changed or removed here.
enum Consents {
    static func insert(_ consent: Consent, of patient: Identifier<Patient>, by caller: Caller) -> SQL {
        """
        INSERT INTO consents (patient, purpose, is_granted, version, given_at, recorded_by)
        VALUES (\(patient), \(consent.purpose.rawValue), \(consent.isGranted), \(consent.version), \(consent.instant),
            \(caller.account))
        """
    }

    /// The answers of a patient that the caller may see, the oldest first.
    static func find(_ patient: Identifier<Patient>, for caller: Caller) -> Query<[Consent]> {
        .all(
            """
            SELECT purpose, is_granted, version, given_at FROM consents
            WHERE \(visibleRows(of: patient, by: "recorded_by", to: caller)) ORDER BY id
            """
        ) { row in
            guard let purpose = Consent.Purpose(rawValue: try row.get("purpose")),
                let consent = Consent(
                    purpose, isGranted: try row.get("is_granted"), version: try row.get("version"),
                    at: try row.get("given_at"))
            else { throw CorruptRow("consents") }
            return consent
        }
    }
}
