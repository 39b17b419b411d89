package import Primitives

/// A patient of a clinic: a person, or the record that remains after erasure.
package struct Patient: Hashable, Sendable {
    package enum Identity: Hashable, Sendable {
        case known(PatientContact)
        /// The contact is erased; appointments keep the id.
        case erased(at: Instant)
    }

    package let id: Identifier<Patient>
    package private(set) var identity: Identity
    /// Every answer ever given, oldest first. It outlives an erasure, as the proof of what was allowed.
    package private(set) var consents: [Consent]

    /// A patient, new or as stored.
    package init(id: Identifier<Patient>, identity: Identity, consents: [Consent] = []) {
        (self.id, self.identity, self.consents) = (id, identity, consents)
    }

    /// The name to show; after an erasure a pseudonym made of the end of the id.
    package var displayName: String {
        switch identity {
        case .known(let contact): contact.name.text
        case .erased: "Patient \(id.description.suffix(12))"
        }
    }

    /// True when the last answer for `purpose` was yes.
    package func consents(to purpose: Consent.Purpose) -> Bool {
        consents.last { $0.purpose == purpose }?.isGranted ?? false
    }

    /// Replaces name, phone and e-mail; throws `patientErased` after an erasure.
    package mutating func change(contact: PatientContact) throws(BookingError) {
        try requireKnown()
        identity = .known(contact)
    }

    /// Adds an answer; throws `patientErased` after an erasure.
    package mutating func record(_ consent: Consent) throws(BookingError) {
        try requireKnown()
        consents.append(consent)
    }

    /// Throws `patientErased` after an erasure.
    package func requireKnown() throws(BookingError) {
        guard case .known = identity else { throw .patientErased }
    }

    /// Erases the contact. A second erasure keeps the instant of the first.
    package mutating func erase(at instant: Instant) {
        guard case .known = identity else { return }
        identity = .erased(at: instant)
    }
}
