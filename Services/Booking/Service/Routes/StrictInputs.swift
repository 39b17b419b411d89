import BookingDomain
import JSONCoding
import Primitives
import Scheduling

extension StrictAction: Codable {}

/// The strict request, with the field names of its specification.
struct StrictInput: Codable, Sendable {
    /// The patient of a strict request.
    struct Person: Codable, Sendable {
        /// The name of the patient.
        let name: PatientName
        /// The telephone number in E.164, character for character; which numbers are accepted is the rule of the tenant.
        let phoneE164: String
        /// The e-mail address; absent if none is known.
        let email: EmailAddress?
        /// A patient that is registered; absent for one known by name and telephone number.
        let patientID: Identifier<Patient>?

        enum CodingKeys: String, CodingKey {
            case name, email
            case phoneE164 = "phone_e164"
            case patientID = "patient_id"
        }
    }

    /// The slot of a strict request.
    struct Place: Codable, Sendable {
        /// The start of the appointment.
        let start: Instant
        /// The end of the appointment.
        let end: Instant
        /// The time between start and end.
        let duration: DurationMinutes

        enum CodingKeys: String, CodingKey {
            case start = "start_iso"
            case end = "end_iso"
            case duration = "duration_minutes"
        }
    }

    /// What to do.
    let action: StrictAction
    /// The address of the tenant, byte for byte.
    let clinicAddress: String
    /// The time zone of the tenant, byte for byte.
    let timezone: String
    /// The patient; absent if not known yet.
    let patient: Person?
    /// The slot that is wanted; absent if not known yet.
    let slot: Place?
    /// The type of care; absent if not known yet.
    let careType: CareType?
    /// The appointment to change; with `CREATE`, the hold to confirm.
    let appointmentID: Identifier<Appointment>?
    /// The practitioner; absent if any will do.
    let practitionerID: Identifier<Resource>?
    /// The room; absent if any will do.
    let roomID: Identifier<Resource>?
    /// A note for the history; absent without one.
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
