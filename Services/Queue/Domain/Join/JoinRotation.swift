package import Primitives

/// How often the token behind a queue's QR code changes. Time is cut into periods of one length; a token belongs to one of
/// them, and is accepted until the end of the next, so that a person who has just scanned a code can still join.
package struct JoinRotation: Hashable, Sendable {
    /// The lengths that a clinic may choose, in minutes: from a code on a screen to one on paper.
    package static let bounds = 5...527_040
    /// A day.
    package static let standard = JoinRotation(unchecked: 1440)

    /// The length of a period in minutes.
    package let minutes: Int

    /// Returns nil outside of ``bounds``.
    package init?(minutes: Int) {
        guard Self.bounds ~= minutes else { return nil }
        self.init(unchecked: minutes)
    }

    private init(unchecked minutes: Int) { self.minutes = minutes }

    private var seconds: Int64 { Int64(minutes) * 60 }

    /// The number of the period at `instant`.
    package func period(at instant: Instant) -> Int { Int(instant.seconds / seconds) }

    /// When the next token takes over from that of `period`.
    package func end(of period: Int) -> Instant { Instant(seconds: (Int64(period) + 1) * seconds) }

    /// Until when a token of `period` is accepted.
    package func expiry(of period: Int) -> Instant { end(of: period + 1) }
}
