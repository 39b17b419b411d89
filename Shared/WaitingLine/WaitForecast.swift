package import Primitives

/// How long a ticket is expected to wait: half of the waits are shorter than `from`, four of five shorter than `to`.
package struct WaitEstimate: Hashable, Sendable {
    /// Whole minutes, rounded down.
    package let from: Int
    /// Whole minutes, rounded up.
    package let to: Int

    /// A range in minutes.
    package init(from: Int, to: Int) { (self.from, self.to) = (from, to) }
}

/// What each ticket of a line has to wait, by a simulation of the counters: each that becomes free takes the next ticket
/// for a typical visit.
package struct WaitForecast: Hashable, Sendable {
    /// A counter in service, from now on.
    private struct Counter: Hashable, Sendable {
        /// Seconds until it is free.
        let free: Double
        /// The visits that have to end before: one or none.
        let running: Int
    }

    private let pace: Pace
    private let counters: [Counter]

    /// - Parameters:
    ///   - busySince: for each counter in service since when it has been occupied; nil for a free one.
    package init(_ pace: Pace, busySince: [Instant?], at now: Instant) {
        self.pace = pace
        let typical = Double(pace.typicalSeconds)
        counters = busySince.map { since in
            guard let since else { return Counter(free: 0, running: 0) }
            let elapsed = Double(now.microseconds - since.microseconds) / 1_000_000
            // A visit that takes longer than usual is expected to take some more time yet.
            return Counter(free: min(typical, max(typical - elapsed, typical / 4)), running: 1)
        }.sorted { $0.free < $1.free }
    }

    /// The wait of a ticket with so many others before it. Returns nil if no counter is in service.
    package func wait(rank: Int) -> WaitEstimate? {
        guard !counters.isEmpty, rank >= 0 else { return nil }
        // No counter is free later than a typical visit after another one, so they take turns in this order for ever.
        let (round, turn) = rank.quotientAndRemainder(dividingBy: counters.count)
        let counter = counters[turn]
        let likely = counter.free + Double(round * pace.typicalSeconds)
        // Deviations of independent visits add up by their squares.
        let spread = Double(pace.slowSeconds - pace.typicalSeconds)
        let late = likely + spread * Double(round + counter.running).squareRoot()
        return WaitEstimate(from: Self.minutes(likely, .down), to: Self.minutes(late, .up))
    }

    private static func minutes(_ seconds: Double, _ rule: FloatingPointRoundingRule) -> Int {
        Int(min(seconds / 60, 100_000).rounded(rule))
    }
}
