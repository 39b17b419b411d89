package import Primitives

/// A visit that took place.
package struct VisitSample: Hashable, Sendable {
    /// The end of the visit.
    package let ended: Instant
    /// The length of the visit in seconds.
    package let seconds: Int

    /// A visit of so many seconds.
    package init(ended: Instant, seconds: Int) { (self.ended, self.seconds) = (ended, seconds) }
}

/// How long visits take at present, by those that were observed. Visits of the last hour count most, and one that was
/// never ended at the counter, or ended at once by mistake, changes nothing.
package struct Pace: Hashable, Sendable {
    /// The fewest samples that say something.
    package static let minimumSamples = 3
    /// The most samples that are used: the latest ones.
    package static let maximumSamples = 20
    /// Samples that are older say nothing of the present.
    package static let memory: Duration = .seconds(12 * 3600)
    /// The weight of a sample halves in this time.
    private static let halfLife = 3600.0
    /// Samples outside of the median divided or multiplied by this are mistakes.
    private static let outlierFactor = 4.0

    /// The length of a typical visit in seconds: the weighted median.
    package let typicalSeconds: Int
    /// The length in seconds that four visits of five do not exceed.
    package let slowSeconds: Int
    /// The number of visits that were observed.
    package let samples: Int

    /// A pace that was computed before.
    package init(typicalSeconds: Int, slowSeconds: Int, samples: Int) {
        (self.typicalSeconds, self.slowSeconds, self.samples) = (typicalSeconds, slowSeconds, samples)
    }

    /// The pace at `now`. Returns nil below three samples.
    ///
    /// - Parameter expected: the length of a visit that the clinic expects, which counts as one more sample; nil if it
    ///   expects none.
    package init?(_ samples: [VisitSample], expected: Int?, at now: Instant) {
        let recent = samples.filter { $0.seconds > 0 && $0.ended > now - Self.memory }
            .sorted { $0.ended > $1.ended }.prefix(Self.maximumSamples)
        let all = recent.map { Weighted(seconds: $0.seconds, weight: Self.weight(of: $0, at: now)) }
        guard all.count >= Self.minimumSamples else { return nil }
        let median = Double(all.quantile(0.5))
        let bounds = median / Self.outlierFactor...median * Self.outlierFactor
        var kept = all.filter { bounds.contains(Double($0.seconds)) }
        if let expected, bounds.contains(Double(expected)) { kept.append(Weighted(seconds: expected, weight: 0.5)) }
        typicalSeconds = max(1, kept.quantile(0.5))
        slowSeconds = max(typicalSeconds, kept.quantile(0.8))
        self.samples = all.count
    }

    private static func weight(of sample: VisitSample, at now: Instant) -> Double {
        let age = Double(max(0, now.microseconds - sample.ended.microseconds)) / 1_000_000
        // Linear between the powers of two, which needs no mathematics library.
        let halvings = age / halfLife
        let whole = halvings.rounded(.down)
        return (1 - (halvings - whole) / 2) / Double(1 << Int(min(whole, 32)))
    }
}

/// A length that counts more or less.
private struct Weighted {
    let seconds: Int
    let weight: Double
}

extension [Weighted] {
    /// The least length that at least this share of the weight does not exceed.
    fileprivate func quantile(_ share: Double) -> Int {
        let sorted = self.sorted { $0.seconds < $1.seconds }
        let wanted = sorted.reduce(0) { $0 + $1.weight } * share
        var weight = 0.0
        for sample in sorted {
            weight += sample.weight
            if weight >= wanted { return sample.seconds }
        }
        return sorted.last?.seconds ?? 0
    }
}
