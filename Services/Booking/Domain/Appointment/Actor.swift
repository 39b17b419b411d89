package import Primitives

/// Who changes an appointment. Limits that protect the clinic bind patients only.
package enum Actor: Hashable, Sendable {
    /// A signed-in patient, by the id of the account.
    case patient(Identifier<Actor>)
    /// An employee of the clinic, by the id of the account.
    case staff(Identifier<Actor>)
    /// A program that acts for the clinic, by the id of its service account.
    case serviceAccount(Identifier<Actor>)
    /// The service itself, for instance when a hold expires.
    case system
}
