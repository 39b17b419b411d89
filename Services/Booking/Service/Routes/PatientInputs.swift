import BookingDomain
import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import Tenancy

// The inputs of the routes of patients.

struct RegistrationInput: Codable, Sendable {
    let name: PatientName
    /// E.164; which numbers are accepted is the tenant's rule.
    let phone: String
    let email: EmailAddress?
    let consents: [ConsentInput]?

    func contact(_ rule: PhoneRule) throws(InvalidInput) -> PatientContact {
        PatientContact(name: name, phone: try rule.number(phone, at: "/phone"), email: email)
    }

    func answers(at now: Instant) throws(InvalidInput) -> [Consent] {
        var answers: [Consent] = []
        for (index, input) in (consents ?? []).enumerated() {
            answers.append(try input.consent(at: now, in: "/consents/\(index)"))
        }
        return answers
    }
}

struct ConsentInput: Codable, Sendable {
    let purpose: Consent.Purpose
    let isGranted: Bool
    /// Which version of the question's text was answered, from 1.
    let version: Int

    /// Throws ``InvalidInput`` if the version is not positive; the fault points to the field `version` below `pointer`.
    func consent(at now: Instant, in pointer: String = "") throws(InvalidInput) -> Consent {
        guard let consent = Consent(purpose, isGranted: isGranted, version: version, at: now) else {
            throw InvalidInput(faults: [.init(pointer: "\(pointer)/version", detail: "version à partir de 1 attendue")])
        }
        return consent
    }
}

/// A merge patch (RFC 7396): absent members stay, and an e-mail address that is null is removed.
struct PatientChangeInput: Codable, Sendable {
    let name: PatientName?
    let phone: String?
    let email: EmailAddress?
    private let removesEmail: Bool

    private enum Field: String, CodingKey { case name, phone, email }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Field.self)
        name = try fields.decodeIfPresent(PatientName.self, forKey: .name)
        phone = try fields.decodeIfPresent(String.self, forKey: .phone)
        removesEmail = try fields.contains(.email) && fields.decodeNil(forKey: .email)
        email = try fields.decodeIfPresent(EmailAddress.self, forKey: .email)
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Field.self)
        try fields.encodeIfPresent(name, forKey: .name)
        try fields.encodeIfPresent(phone, forKey: .phone)
        try fields.encodeIfPresent(email, forKey: .email)
        if removesEmail { try fields.encodeNil(forKey: .email) }
    }

    func apply(to contact: PatientContact, _ rule: PhoneRule) throws(InvalidInput) -> PatientContact {
        let number: PhoneNumber = if let phone { try rule.number(phone, at: "/phone") } else { contact.phone }
        return PatientContact(
            name: name ?? contact.name, phone: number, email: removesEmail ? nil : email ?? contact.email)
    }
}

struct PhoneQuery: Codable, Sendable {
    let phone: String
}

struct ErasureQuery: Codable, Sendable {
    /// Cancels the patient's future appointments; otherwise they prevent the erasure.
    let cancelFuture: Bool?
}

/// A patient in a request for a booking.
struct PatientInput: Codable, Sendable {
    let name: PatientName
    /// E.164; which numbers are accepted is the tenant's rule.
    let phone: String
    let email: EmailAddress?

    /// Throws ``InvalidInput`` if the tenant does not accept the telephone number.
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

extension TenantStore {
    /// Which telephone numbers the tenant accepts.
    var phoneRule: PhoneRule { .of(country: tenant.phoneCountry) }
}
