package import Primitives

/// What an account has to do with the record of a patient.
///
/// An account may enter any name and telephone. That gives it no access to what others enter about this person: staff
/// find the record by name and telephone only after they have linked it.
package enum RecordLink: Hashable, Sendable {
    /// Staff entered the record.
    case none
    /// The account entered the record about its owner or a dependant. It is not checked.
    case asserted(by: Identifier<Actor>)
    /// Staff checked that the record is of the account's owner, or of a dependant.
    case linked(to: Identifier<Actor>)

    /// The account; nil if there is none.
    package var account: Identifier<Actor>? {
        switch self {
        case .none: nil
        case .asserted(let account), .linked(let account): account
        }
    }

    package var isLinked: Bool { if case .linked = self { true } else { false } }

    package var isAsserted: Bool { if case .asserted = self { true } else { false } }

    /// The link after a change of the contact. An account that changes name or telephone becomes one that asserts them.
    /// What staff write into a record that is only asserted is not for the account, so it loses the record.
    package func after(
        changing before: PatientContact, to contact: PatientContact, byPatient: Bool
    ) -> RecordLink {
        switch self {
        case .linked(let account) where byPatient && (before.name, before.phone) != (contact.name, contact.phone):
            .asserted(by: account)
        case .asserted where !byPatient && before != contact: .none
        default: self
        }
    }
}

/// What one account may enter.
package enum AccountLimit {
    /// The patients of an account: its owner and dependants.
    package static let patients = 10
    /// The answers about consents that an account may record of one patient.
    package static let consents = 100
}
