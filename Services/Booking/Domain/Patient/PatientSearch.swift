package import Primitives

/// What a patient is looked for by.
package enum PatientSearch: Hashable, Sendable {
    /// A telephone, which a family may share.
    case phone(PhoneNumber)
    /// The beginning of the name.
    case name(NameBeginning)

    /// True if a patient with this name and telephone is looked for.
    package func finds(_ contact: PatientContact) -> Bool {
        switch self {
        case .phone(let phone): contact.phone == phone
        case .name(let beginning): beginning.begins(contact.name)
        }
    }
}
