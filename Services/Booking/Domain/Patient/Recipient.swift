package import Primitives

/// The patient for whom a slot is taken.
package enum Recipient: Hashable, Sendable {
    /// None yet: the slot is held.
    case hold
    /// A patient on record.
    case patient(Identifier<Patient>)
    /// A patient by name and telephone, who is registered if there is none on record.
    case contact(PatientContact)
}
