package import Primitives

/// What a patient answered to one question about their data.
package struct Consent: Hashable, Sendable {
    /// What a patient is asked to agree to.
    package enum Purpose: String, CaseIterable, Sendable {
        /// The clinic stores the data of the patient.
        case dataProcessing = "data_processing"
        /// The clinic sends reminders of appointments.
        case reminders
    }

    package let purpose: Purpose
    /// False when it was refused or withdrawn.
    package let isGranted: Bool
    /// Which version of the question's text was answered, from 1.
    package let version: Int
    package let instant: Instant

    /// Nil when the version is not positive.
    package init?(_ purpose: Purpose, isGranted: Bool, version: Int, at instant: Instant) {
        guard (1...1_000_000).contains(version) else { return nil }
        (self.purpose, self.isGranted, self.version, self.instant) = (purpose, isGranted, version, instant)
    }
}
