/// How long an appointment lasts: 15 to 180 whole minutes.
package struct DurationMinutes: Hashable, Sendable {
    /// The accepted range.
    package static let bounds = 15...180

    /// The minutes, within the bounds.
    package let minutes: Int

    /// Returns nil outside the bounds.
    package init?(_ minutes: Int) {
        guard Self.bounds.contains(minutes) else { return nil }
        self.minutes = minutes
    }
}
