import BookingDomain
import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import Tenancy

// The inputs of the routes of patients.

struct RegistrationInput: Codable, Sendable {
    let name: PatientName
    /// In national or international writing.
    let phone: TypedPhone
    let email: EmailAddress?
    let consents: [ConsentInput]?

    func contact(_ plan: NumberingPlan) throws(InvalidInput) -> PatientContact {
        PatientContact(name: name, phone: try phone.number(in: plan, at: "/phone"), email: email)
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
    let phone: TypedPhone?
    let email: EmailAddress?
    private let removesEmail: Bool

    private enum Field: String, CodingKey { case name, phone, email }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Field.self)
        name = try fields.decodeIfPresent(PatientName.self, forKey: .name)
        phone = try fields.decodeIfPresent(TypedPhone.self, forKey: .phone)
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

    func apply(to contact: PatientContact, _ plan: NumberingPlan) throws(InvalidInput) -> PatientContact {
        let number: PhoneNumber = if let phone { try phone.number(in: plan, at: "/phone") } else { contact.phone }
        return PatientContact(
            name: name ?? contact.name, phone: number, email: removesEmail ? nil : email ?? contact.email)
    }
}

/// Whom to find: by telephone or by the beginning of a name, one of them.
struct PatientsQuery: PagedQuery, Codable {
    /// In national or international writing.
    let phone: TypedPhone?
    /// The beginnings of one or more words of the name, with or without accents: at least three letters of a word, or a
    /// whole word.
    let name: PatientName?
    let cursor: String?
    let limit: PageLimit?

    func search(_ plan: NumberingPlan) throws(InvalidInput) -> PatientSearch {
        switch (phone, name) {
        case (let phone?, nil): return .phone(try phone.number(in: plan, at: "/phone"))
        case (nil, let name?):
            guard let beginning = NameBeginning(name.text) else {
                throw InvalidInput(faults: [.init(pointer: "/name", detail: "début de nom attendu, en lettres")])
            }
            return .name(beginning)
        default:
            throw InvalidInput(faults: [.init(pointer: "/phone", detail: "phone ou name attendu, l’un des deux")])
        }
    }
}

struct ErasureQuery: Codable, Sendable {
    /// Cancels the patient's future appointments; otherwise they prevent the erasure.
    let cancelFuture: Bool?
}

/// A patient in a request for a booking.
struct PatientInput: Codable, Sendable {
    let name: PatientName
    /// In national or international writing.
    let phone: TypedPhone
    let email: EmailAddress?

    /// Throws ``InvalidInput`` if the telephone number is none.
    func contact(_ plan: NumberingPlan, at pointer: String) throws(InvalidInput) -> PatientContact {
        PatientContact(name: name, phone: try phone.number(in: plan, at: pointer), email: email)
    }
}

extension TypedPhone {
    /// The number, or the fault at `pointer`.
    func number(in plan: NumberingPlan, at pointer: String) throws(InvalidInput) -> PhoneNumber {
        guard let number = number(in: plan) else {
            throw InvalidInput(faults: [.init(pointer: pointer, detail: Self.expectation)])
        }
        return number
    }
}

extension TenantStore {
    /// How people of the tenant's country write telephone numbers.
    var numberingPlan: NumberingPlan { .of(country: tenant.phoneCountry) }
}
