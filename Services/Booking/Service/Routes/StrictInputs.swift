import BookingDomain
import JSONCoding
import Primitives
import Scheduling

extension StrictAction: Codable {}

/// The strict request, with the field names of its specification.
struct StrictInput: Codable, Sendable {
    struct Person: Codable, Sendable {
        let name: PatientName
        /// E.164, character for character; which numbers are accepted is the tenant's rule.
        let phoneE164: String
        let email: EmailAddress?
        let patientID: Identifier<Patient>?

        enum CodingKeys: String, CodingKey {
            case name, email
            case phoneE164 = "phone_e164"
            case patientID = "patient_id"
        }
    }

    struct Place: Codable, Sendable {
        let start: Instant
        let end: Instant
        let duration: DurationMinutes

        enum CodingKeys: String, CodingKey {
            case start = "start_iso"
            case end = "end_iso"
            case duration = "duration_minutes"
        }
    }

    let action: StrictAction
    /// The tenant's, byte for byte.
    let clinicAddress: String
    let timezone: String
    let patient: Person?
    let slot: Place?
    let careType: CareType?
    /// The appointment; with CREATE, the hold to confirm.
    let appointmentID: Identifier<Appointment>?
    let practitionerID: Identifier<Resource>?
    let roomID: Identifier<Resource>?
    let reason: Reason?

    enum CodingKeys: String, CodingKey {
        case action, timezone, patient, slot, reason
        case clinicAddress = "clinic_address"
        case careType = "care_type"
        case appointmentID = "appointment_id"
        case practitionerID = "practitioner_id"
        case roomID = "room_id"
    }
}

extension StrictInput {
    /// What to do, given the fields of the request.
    var decision: StrictDecision {
        let fields: [(StrictField, Bool)] = [
            (.careType, careType != nil), (.slot, slot != nil), (.patient, patient != nil),
            (.appointment, appointmentID != nil),
        ]
        return StrictRequest(action, present: Set(fields.filter(\.1).map(\.0))).decision
    }

    /// Checks fields against the clinic and each other: address and time zone, the country of the telephone, the length of
    /// the slot.
    func check(_ rules: ClinicRules) throws {
        try rules.checkClinic(address: clinicAddress, timeZone: timezone)
        if let patient { _ = try rules.phone.number(patient.phoneE164, at: "/patient/phone_e164") }
        if let slot, TimeRange(from: slot.start, lasting: slot.duration).end != slot.end {
            throw Self.fault("/slot/duration_minutes", "la durée n’est pas celle de start_iso à end_iso")
        }
    }

    /// The patient; nil if the request names none.
    func recipient(_ rule: PhoneRule) throws -> Recipient? {
        try patient.map { person in
            if let id = person.patientID { return .patient(id) }
            let phone = try rule.number(person.phoneE164, at: "/patient/phone_e164")
            return .contact(PatientContact(name: person.name, phone: phone, email: person.email))
        }
    }

    static func fault(_ pointer: String, _ detail: String) -> InvalidInput {
        InvalidInput(faults: [.init(pointer: pointer, detail: detail)])
    }
}

extension PhoneRule {
    /// The number, or the fault at `pointer`.
    fileprivate func number(_ text: String, at pointer: String) throws(InvalidInput) -> PhoneNumber {
        guard let number = number(text) else {
            let expectation =
                switch self {
                case .algerianMobile: "numéro de mobile algérien attendu, par exemple +213551234567"
                case .international: "numéro international attendu, par exemple +33612345678"
                }
            throw InvalidInput(faults: [.init(pointer: pointer, detail: expectation)])
        }
        return number
    }
}
