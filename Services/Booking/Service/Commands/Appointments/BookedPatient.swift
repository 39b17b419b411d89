import Authentication
import BookingDomain
import Primitives

/// The patient of a booking.
struct BookedPatient {
    let id: Identifier<Patient>
    /// Set if they are registered by the booking.
    let registration: AppointmentWrite.Registration?

    /// - Parameter found: what is on record of the recipient.
    ///
    /// Throws ``NotFound`` if the caller may not book for that patient, `patientErased` after an erasure, and
    /// `patientRequired` for a hold.
    init(_ recipient: Recipient, found: StoredRecipient?, by caller: Caller, at now: Instant) throws {
        switch (recipient, found) {
        case (.hold, _): throw BookingError.patientRequired
        case (.patient, nil): throw NotFound()
        case (.patient, let found?):
            // Patients book for themselves, or for others by name and telephone.
            guard !caller.isPatient || found.account == caller.account else { throw NotFound() }
            guard !found.isErased else { throw BookingError.patientErased }
            (id, registration) = (found.id, nil)
        case (.contact, let found?): (id, registration) = (found.id, nil)
        case (.contact(let contact), nil):
            id = Identifier<Patient>.new(at: now)
            registration = AppointmentWrite.Registration(id: id, contact: contact, caller: caller)
        }
    }
}
