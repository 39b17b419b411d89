/// How long an appointment lasts: 15 to 180 whole minutes.
package struct DurationMinutes: Hashable, Sendable {
    package static let bounds = 15...180

    package let minutes: Int

    /// Nil outside the bounds.
    package init?(_ minutes: Int) {
        guard Self.bounds.contains(minutes) else { return nil }
        self.minutes = minutes
    }
}
