package import Primitives

/// What a clinic wants to be alerted of.
package struct LineLimits: Hashable, Sendable {
    /// The limits of a queue that has set none.
    package static let none = LineLimits(unchecked: nil, nil)
    /// How many people a limit may be.
    package static let people = 1...1000
    /// How many minutes a limit may be.
    package static let minutes = 1...600

    /// Alert when more people wait; nil for no limit.
    package let waiting: Int?
    /// Alert when the longest wait is longer, in minutes; nil for no limit.
    package let waitMinutes: Int?

    /// Returns nil if one of them is out of its bounds.
    package init?(waiting: Int?, waitMinutes: Int?) {
        guard waiting.map(Self.people.contains) ?? true, waitMinutes.map(Self.minutes.contains) ?? true else {
            return nil
        }
        self.init(unchecked: waiting, waitMinutes)
    }

    private init(unchecked waiting: Int?, _ waitMinutes: Int?) {
        (self.waiting, self.waitMinutes) = (waiting, waitMinutes)
    }

    /// The limits that a line exceeds.
    ///
    /// - Parameters:
    ///   - waiting: how many people wait.
    ///   - oldest: when the one who has waited longest joined; nil if the line is empty.
    package func exceeded(waiting: Int, since oldest: Instant?, at now: Instant) -> Set<LineLimit> {
        var exceeded: Set<LineLimit> = []
        if let limit = self.waiting, waiting > limit { exceeded.insert(.waiting) }
        if let limit = waitMinutes, let oldest, now - oldest > .seconds(60 * limit) { exceeded.insert(.wait) }
        return exceeded
    }
}

/// One of the limits of a line.
package enum LineLimit: String, CaseIterable, Hashable, Sendable {
    /// How many people wait.
    case waiting
    /// How long the longest wait is.
    case wait
}
