import BookingDomain
import GuichetProtocol
import HTTPServer
import JSONCoding
import Primitives
import Tenancy

// The inputs of the routes of patients.

/// A new patient.
struct RegistrationInput: Codable, Sendable {
    /// The name of the patient.
    let name: PatientName
    /// The telephone number, in national or international writing.
    let phone: TypedPhone
    /// The e-mail address; absent if none is known.
    let email: EmailAddress?
    /// What the patient agrees to or refuses; absent if they were not asked.
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

/// An answer of a patient to a question about their data.
struct ConsentInput: Codable, Sendable {
    /// What the question is about.
    let purpose: Consent.Purpose
    /// False when it is refused or withdrawn.
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

/// A merge patch (RFC 7396): members that are absent stay.
struct PatientChangeInput: Codable, Sendable {
    /// The new name; absent if it stays.
    let name: PatientName?
    /// The new telephone number, in national or international writing; absent if it stays.
    let phone: TypedPhone?
    /// The new e-mail address; absent if it stays, and null to remove it.
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
    /// The telephone number, in national or international writing; either this or `name`.
    let phone: TypedPhone?
    /// The beginnings of one or more words of the name, with or without accents: at least three letters of a word, or a
    /// whole word; either this or `phone`.
    let name: PatientName?
    /// The `next` of the previous page; absent for the first page.
    let cursor: String?
    /// The most items on a page; 20 if absent.
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

/// The account to which the record of a patient is linked.
struct LinkInput: Codable, Sendable {
    /// The id of the account; absent for the account that entered the record.
    let account: Identifier<Actor>?
}

struct ErasureQuery: Codable, Sendable {
    /// Cancels the patient's future appointments; otherwise they prevent the erasure.
    let cancelFuture: Bool?
}

/// A patient in a request for a booking.
struct PatientInput: Codable, Sendable {
    /// The name of the patient.
    let name: PatientName
    /// The telephone number, in national or international writing.
    let phone: TypedPhone
    /// The e-mail address; absent if none is known.
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
