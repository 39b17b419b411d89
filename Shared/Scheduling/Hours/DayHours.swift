/// The opening intervals of one day, in order; none means closed.
package struct DayHours: Hashable, Sendable {
    /// Closed all day.
    package static let closed = DayHours(unchecked: [])

    /// By their opening; they neither overlap nor touch.
    package let intervals: [OpeningInterval]

    /// Takes intervals in any order. Nil when two of them overlap or touch: touching ones are written as one.
    package init?(_ intervals: [OpeningInterval]) {
        let ordered = intervals.sorted { $0.opens < $1.opens }
        guard zip(ordered, ordered.dropFirst()).allSatisfy({ $0.closes < $1.opens }) else { return nil }
        self.intervals = ordered
    }

    private init(unchecked intervals: [OpeningInterval]) { self.intervals = intervals }
}
