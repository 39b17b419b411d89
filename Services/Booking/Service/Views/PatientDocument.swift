import BookingDomain
import FoundationEssentials
import JSONCoding
import Primitives

/// The contact of a patient as it is encrypted and stored.
struct PatientDocument: Codable {
    private let name: String
    private let phone: String
    private let email: String?

    init(_ contact: PatientContact) {
        (name, phone, email) = (contact.name.text, contact.phone.text, contact.email?.text)
    }

    /// Reads what ``json`` wrote.
    init(json: [UInt8]) throws { self = try JSONDecoder().decode(PatientDocument.self, from: Data(json)) }

    /// The document as it is stored.
    var json: [UInt8] { get throws { try JSONOutput.encode(self) } }

    /// The contact in it, which was accepted when it was stored.
    var contact: PatientContact {
        PatientContact(
            name: PatientName(stored: name), phone: PhoneNumber(stored: phone),
            email: email.map(EmailAddress.init(stored:)))
    }
}
