package import Primitives

/// A period of one day on the wall clock, including `opens` and excluding `closes`.
///
/// It never crosses midnight: a night is one interval until 24:00 and one from 00:00 of the next day.
package struct OpeningInterval: Hashable, Sendable {
    /// When it opens, on the clock of the clinic.
    package let opens: MinuteOfDay
    /// When it closes; up to 24:00.
    package let closes: MinuteOfDay

    /// Returns nil unless it opens before it closes.
    package init?(_ opens: MinuteOfDay, _ closes: MinuteOfDay) {
        guard opens < closes else { return nil }
        (self.opens, self.closes) = (opens, closes)
    }
}
