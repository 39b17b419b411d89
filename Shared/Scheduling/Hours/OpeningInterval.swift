package import Primitives

/// A stretch of one day on the wall clock, `opens` included and `closes` not.
///
/// It never crosses midnight: a night is written as an interval until 24:00 and one from 00:00 of the next day.
package struct OpeningInterval: Hashable, Sendable {
    /// Its first minute.
    package let opens: MinuteOfDay
    /// The minute after its last; up to 24:00.
    package let closes: MinuteOfDay

    /// Nil unless it opens before it closes.
    package init?(_ opens: MinuteOfDay, _ closes: MinuteOfDay) {
        guard opens < closes else { return nil }
        (self.opens, self.closes) = (opens, closes)
    }
}
