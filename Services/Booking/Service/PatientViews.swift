import BookingDomain
import GuichetProtocol
import Postgres
import Primitives

// Patients as people see them. None of this is ever stored with a request's key: only ids are.

struct PatientView: Codable, Sendable {
    let id: Identifier<Patient>
    /// The name; after an erasure a pseudonym.
    let name: String
    let phone: String?
    let email: String?
    /// Set when the person is no longer known.
    let erasedAt: Instant?
    let version: Int

    init(_ patient: Patient, version: Int) {
        (id, name) = (patient.id, patient.displayName)
        switch patient.identity {
        case .known(let contact): (phone, email, erasedAt) = (contact.phone.text, contact.email?.text, nil)
        case .erased(let instant): (phone, email, erasedAt) = (nil, nil, instant)
        }
        self.version = version
    }
}

/// What is answered to a registration.
struct RegisteredPatient: Codable, Sendable {
    let id: Identifier<Patient>
    let version: Int
}

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

/// Somebody read or changed a patient's data, or they had been kept long enough.
struct AccessView: Codable, Sendable {
    /// Lines are numbered as they come.
    let number: Int
    let at: Instant
    /// Nil when nobody asked for it.
    let actor: Identifier<Actor>?
    /// The role that the actor's token named; `retention` when the data had been kept long enough.
    let role: String
    let action: AccessAudit.Action
    let traceId: String?

    init(_ row: Row) throws {
        guard let action = AccessAudit.Action(rawValue: try row.get("action")) else {
            throw CorruptRow("access_audit")
        }
        self.action = action
        number = try row.get("id")
        at = try row.get("at")
        actor = try row.find("actor")
        role = try row.get("role")
        traceId = try row.find("trace_id")
    }
}

/// Everything that is known of a patient, to be handed to that person.
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

/// What an erasure did.
struct ErasureView: Codable, Sendable {
    let id: Identifier<Patient>
    let erasedAt: Instant
    /// The appointments to come that were called off before.
    let cancelled: [Identifier<Appointment>]
}
