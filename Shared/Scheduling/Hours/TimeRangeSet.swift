import Primitives

/// Ranges in order that neither overlap nor touch. Queries cost a binary search.
struct TimeRangeSet {
    private(set) var ranges: [TimeRange] = []

    /// Accepts ranges in any order; those that overlap or touch are merged.
    init(_ unordered: some Sequence<TimeRange>) {
        for range in unordered.sorted(by: { $0.start < $1.start }) {
            if let last = ranges.last, range.start <= last.end {
                ranges[ranges.count - 1] = last.union(range)
            } else {
                ranges.append(range)
            }
        }
    }

    /// True if some range overlaps `range`.
    func overlaps(_ range: TimeRange) -> Bool { first(endingAfter: range.start)?.overlaps(range) ?? false }

    /// True if a single range contains `range`.
    func covers(_ range: TimeRange) -> Bool { first(endingAfter: range.start)?.contains(range) ?? false }

    /// The end of the range that contains `instant`; nil if none does.
    func end(ofRangeAt instant: Instant) -> Instant? {
        first(endingAfter: instant).flatMap { $0.start <= instant ? $0.end : nil }
    }

    private func first(endingAfter instant: Instant) -> TimeRange? {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].end > instant { high = middle } else { low = middle + 1 }
        }
        return low < ranges.count ? ranges[low] : nil
    }
}
