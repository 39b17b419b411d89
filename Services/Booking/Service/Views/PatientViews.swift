import BookingDomain
import GuichetProtocol
import Primitives

// Patients as they are answered. Only answers that hold nothing but ids are stored under a request's key.

struct PatientView: Codable, Sendable {
    let id: Identifier<Patient>
    /// The name; after an erasure a pseudonym.
    let name: String
    let phone: String?
    let email: String?
    /// Set after an erasure.
    let erasedAt: Instant?
    let version: EntityVersion

    init(_ patient: Patient, version: EntityVersion) {
        (id, name) = (patient.id, patient.displayName)
        switch patient.identity {
        case .known(let contact): (phone, email, erasedAt) = (contact.phone.text, contact.email?.text, nil)
        case .erased(let instant): (phone, email, erasedAt) = (nil, nil, instant)
        }
        self.version = version
    }
}

/// The patient of an appointment in a list with names.
struct PatientSummary: Codable, Hashable, Sendable {
    let id: Identifier<Patient>
    /// The name; after an erasure a pseudonym.
    let name: String
    /// Absent after an erasure.
    let phone: String?

    init(_ patient: Patient) {
        (id, name) = (patient.id, patient.displayName)
        phone = if case .known(let contact) = patient.identity { contact.phone.text } else { nil }
    }
}

/// The answer to a registration.
struct RegisteredPatient: Codable, Sendable {
    let id: Identifier<Patient>
    let version: EntityVersion
}

extension Consent.Purpose: Codable {}

/// An answer that a patient gave to a question about their data.
struct ConsentView: Codable, Sendable {
    let purpose: Consent.Purpose
    /// False when it was refused or withdrawn.
    let isGranted: Bool
    /// Which version of the question's text was answered.
    let version: Int
    let at: Instant

    init(_ consent: Consent) {
        (purpose, isGranted) = (consent.purpose, consent.isGranted)
        (version, at) = (consent.version, consent.instant)
    }
}

/// A line of the audit: a patient's data were read, changed or erased.
struct AccessView: Codable, Sendable {
    /// What was done; the raw value is stored.
    enum Action: String, Codable, CaseIterable, Sendable {
        case register, read, search, change, consent, export, erase
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
    let at: Instant
    /// Nil for an erasure at the end of the retention.
    let actor: Identifier<Actor>?
    /// The role in the actor's token; `retention` for an erasure at the end of the retention.
    let role: String
    let action: Action
    let traceId: String?
}

/// Everything that is stored about a patient.
struct PatientExport: Codable, Sendable {
    struct Visit: Codable, Sendable {
        let appointment: AppointmentView
        let history: AppointmentHistory
    }

    let exportedAt: Instant
    let patient: PatientView
    let consents: [ConsentView]
    let appointments: [Visit]
    let accesses: [AccessView]
}

/// The result of an erasure.
struct ErasureView: Codable, Sendable {
    let id: Identifier<Patient>
    let erasedAt: Instant
    /// The future appointments that were cancelled with it.
    let cancelled: [Identifier<Appointment>]
}
