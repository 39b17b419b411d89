import BookingDomain
import JSONCoding
import Primitives
import Scheduling

// Domain values as they are written in JSON. What they accept is decided by the domain alone.

extension StrictAction: Codable {}
extension Consent.Purpose: Codable {}

/// A patient as a request names one.
struct PatientInput: Codable, Sendable {
    let name: PatientName
    /// E.164; which numbers are accepted is the tenant's rule.
    let phone: String
    let email: EmailAddress?

    /// Throws ``InvalidInput`` when the telephone breaks the rule.
    func contact(_ rule: PhoneRule, at pointer: String) throws(InvalidInput) -> PatientContact {
        PatientContact(name: name, phone: try rule.number(phone, at: pointer), email: email)
    }
}

extension PhoneRule {
    /// The number, or the fault at `pointer`.
    func number(_ text: String, at pointer: String) throws(InvalidInput) -> PhoneNumber {
        guard let number = number(text) else {
            throw InvalidInput(faults: [
                .init(pointer: pointer, detail: "numéro de téléphone attendu sous la forme \(pattern)")
            ])
        }
        return number
    }
}
