package import EventLoop
import Synchronization

/// The distribution of values, in buckets with fixed upper bounds. Any thread may record.
@EventLoop
package final class Histogram: Instrument {
    /// The bounds that OpenTelemetry recommends for request durations, in seconds.
    nonisolated package static let durationBounds = [
        0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
    ]

    private struct State {
        /// Values per bucket, not cumulative; the last bucket is for values above every bound.
        var counts: [Int]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    /// Buckets with these upper bounds, in ascending order.
    nonisolated init(bounds: [Double]) {
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy(<), "the bounds of a histogram rise")
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    /// Records one value.
    nonisolated package func record(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    /// Records a duration in seconds.
    nonisolated package func record(_ duration: Duration) { record(duration / .seconds(1)) }

    package func expose(as name: String, labels: LabelSet, to exposition: inout Exposition) {
        let state = self.state.withLock { $0 }
        var cumulative = 0
        for (bound, count) in zip(bounds + [.infinity], state.counts) {
            cumulative += count
            exposition.sample("\(name)_bucket", labels.adding("le", exposition.text(of: bound)), Double(cumulative))
        }
        exposition.sample("\(name)_sum", labels, state.sum)
        exposition.sample("\(name)_count", labels, Double(cumulative))
    }
}
