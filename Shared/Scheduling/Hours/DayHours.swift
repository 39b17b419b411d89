/// The opening intervals of one day, in order; none means closed.
package struct DayHours: Hashable, Sendable {
    /// Closed all day.
    package static let closed = DayHours(unchecked: [])

    /// In order of opening; they neither overlap nor touch.
    package let intervals: [OpeningInterval]

    /// Accepts intervals in any order. Returns nil if two of them overlap or touch: write touching ones as one.
    package init?(_ intervals: [OpeningInterval]) {
        let ordered = intervals.sorted { $0.opens < $1.opens }
        guard zip(ordered, ordered.dropFirst()).allSatisfy({ $0.closes < $1.opens }) else { return nil }
        self.intervals = ordered
    }

    private init(unchecked intervals: [OpeningInterval]) { self.intervals = intervals }
}
