package import Primitives

/// What a patient answered to one question about their data.
package struct Consent: Hashable, Sendable {
    package enum Purpose: String, CaseIterable, Sendable {
        case dataProcessing = "data_processing"
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
