import BookingDomain
import GuichetProtocol
import Primitives

// Patients as they are answered. Only answers that hold nothing but ids are stored under a request's key.

/// A patient, as staff and the patient see them.
struct PatientView: Codable, Sendable {
    /// The id of the patient.
    let id: Identifier<Patient>
    /// The name; after an erasure a pseudonym.
    let name: String
    /// The telephone number in E.164; absent after an erasure.
    let phone: String?
    /// The e-mail address; absent if none is known.
    let email: String?
    /// When the data were erased; absent before.
    let erasedAt: Instant?
    /// The account that entered the record or is linked to it; absent if there is none.
    let account: Identifier<Actor>?
    /// True if an account says that it is this person, and staff have not linked the record to it.
    let selfRegistered: Bool
    /// Counts the changes; `If-Match` takes the `ETag` instead.
    let version: EntityVersion

    init(_ patient: Patient, _ link: RecordLink, version: EntityVersion) {
        (account, selfRegistered, self.version) = (link.account, link.isAsserted, version)
        (id, name) = (patient.id, patient.displayName)
        switch patient.identity {
        case .known(let contact): (phone, email, erasedAt) = (contact.phone.text, contact.email?.text, nil)
        case .erased(let instant): (phone, email, erasedAt) = (nil, nil, instant)
        }
    }
}

/// The patient of an appointment in a list with names.
struct PatientSummary: Codable, Hashable, Sendable {
    /// The id of the patient.
    let id: Identifier<Patient>
    /// The name; after an erasure a pseudonym.
    let name: String
    /// The telephone number in E.164; absent after an erasure.
    let phone: String?

    init(_ patient: Patient) {
        (id, name) = (patient.id, patient.displayName)
        phone = if case .known(let contact) = patient.identity { contact.phone.text } else { nil }
    }
}

/// The answer to a registration: ids only.
struct RegisteredPatient: Codable, Sendable {
    /// The id of the new patient.
    let id: Identifier<Patient>
    /// The version of the new patient; `If-Match` takes the `ETag` instead.
    let version: EntityVersion
}

extension Consent.Purpose: Codable {}

/// An answer that a patient gave to a question about their data.
struct ConsentView: Codable, Sendable {
    /// What the question was about.
    let purpose: Consent.Purpose
    /// False when it was refused or withdrawn.
    let isGranted: Bool
    /// Which version of the question's text was answered.
    let version: Int
    /// When it was answered.
    let at: Instant

    init(_ consent: Consent) {
        (purpose, isGranted) = (consent.purpose, consent.isGranted)
        (version, at) = (consent.version, consent.instant)
    }
}

/// A line of the audit: a patient's data were read, changed or erased.
struct AccessView: Codable, Sendable {
    /// What was done with the data of a patient.
    enum Action: String, Codable, CaseIterable, Sendable {
        case register, read, search, change, consent, export, erase, link, unlink
        case readConsents = "read_consents"
        case readAccesses = "read_accesses"
        case listAppointments = "list_appointments"
        /// A list of appointments with names and telephone numbers.
        case listPatients = "list_patients"
        case readAppointment = "read_appointment"
        case readHistory = "read_history"
    }

    /// Rises with each line.
    let number: Int
    /// When it was done.
    let at: Instant
    /// The account that did it; absent when the service did it by itself.
    let actor: Identifier<Actor>?
    /// The role in the actor's token, or `service_account`. Without an actor: `retention` at the end of the retention,
    /// `erasure` after the erasure of the patient's account.
    let role: String
    /// What was done.
    let action: Action
    /// The distributed trace of the request; absent if there was none.
    let traceId: String?
}

/// Everything that is stored about a patient.
struct PatientExport: Codable, Sendable {
    /// An appointment and its history.
    struct Visit: Codable, Sendable {
        /// The appointment.
        let appointment: AppointmentView
        /// Its changes.
        let history: AppointmentHistory
    }

    /// When the export was made.
    let exportedAt: Instant
    /// The patient.
    let patient: PatientView
    /// Every answer about consents, the oldest first.
    let consents: [ConsentView]
    /// Every appointment with its history.
    let appointments: [Visit]
    /// Every line of the audit about the patient.
    let accesses: [AccessView]
}

/// The result of an erasure.
struct ErasureView: Codable, Sendable {
    /// The patient.
    let id: Identifier<Patient>
    /// When the data were erased.
    let erasedAt: Instant
    /// The future appointments that were cancelled with it.
    let cancelled: [Identifier<Appointment>]
}
