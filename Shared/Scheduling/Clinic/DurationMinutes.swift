/// How long an appointment lasts: 15 to 180 whole minutes.
package struct DurationMinutes: Hashable, Sendable {
    /// The minutes that are accepted.
    package static let bounds = 15...180

    /// Within the bounds.
    package let minutes: Int

    /// Nil outside the bounds.
    package init?(_ minutes: Int) {
        guard Self.bounds.contains(minutes) else { return nil }
        self.minutes = minutes
    }
}
