package import EventLoop
import Synchronization

/// A number that goes up and down. Any thread may change it.
@EventLoop
package final class Gauge: Instrument {
    private let bits = Atomic<UInt64>(0)
    private let observation = Mutex<MetricObservation?>(nil)

    nonisolated init() {}

    /// Replaces the value.
    nonisolated package func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    /// Adds `amount`, which may be negative.
    nonisolated package func add(_ amount: Double) {
        var current = bits.load(ordering: .relaxed)
        while true {
            let sum = (Double(bitPattern: current) + amount).bitPattern
            let (exchanged, original) = bits.weakCompareExchange(
                expected: current, desired: sum, ordering: .relaxed)
            if exchanged { return }
            current = original
        }
    }

    /// Makes `read` supply the value from now on, for values that are kept elsewhere.
    nonisolated package func observe(_ read: @escaping MetricObservation) { observation.withLock { $0 = read } }

    package func expose(as name: String, labels: LabelSet, to exposition: inout Exposition) {
        let observe = observation.withLock { $0 }
        exposition.sample(name, labels, observe?() ?? Double(bitPattern: bits.load(ordering: .relaxed)))
    }
}
