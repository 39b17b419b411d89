package import Primitives

/// A half-open period, including `start` and excluding `end`; it is never empty.
package struct TimeRange: Hashable, Sendable {
    /// The first instant.
    package let start: Instant
    /// The first instant after it.
    package let end: Instant

    /// Returns nil unless `start` is before `end`.
    package init?(_ start: Instant, _ end: Instant) {
        guard start < end else { return nil }
        (self.start, self.end) = (start, end)
    }

    /// The range of `duration` from `start`.
    package init(from start: Instant, lasting duration: DurationMinutes) {
        (self.start, self.end) = (start, start.adding(minutes: duration.minutes))
    }

    /// The shortest range with `start`: one microsecond.
    package init(only start: Instant) {
        (self.start, self.end) = (start, Instant(microseconds: start.microseconds + 1))
    }

    private init(unchecked start: Instant, _ end: Instant) { (self.start, self.end) = (start, end) }

    /// The length in whole minutes.
    package var minutes: Int { Int((end - start) / .seconds(60)) }

    /// True if the ranges have an instant in common.
    package func overlaps(_ other: TimeRange) -> Bool { start < other.end && other.start < end }

    /// True if every instant of `other` is in this range.
    package func contains(_ other: TimeRange) -> Bool { start <= other.start && other.end <= end }

    /// The range that starts `before` minutes earlier and ends `after` minutes later; neither may be negative.
    package func widened(before: Int, after: Int) -> TimeRange {
        TimeRange(unchecked: start.adding(minutes: -before), end.adding(minutes: after))
    }

    /// The smallest range that contains both.
    func union(_ other: TimeRange) -> TimeRange {
        TimeRange(unchecked: min(start, other.start), max(end, other.end))
    }
}

extension Instant {
    /// The instant `minutes` later; earlier when negative.
    package func adding(minutes: Int) -> Instant { Instant(microseconds: microseconds + Int64(minutes) * 60_000_000) }
}
