package import EventLoop
import Synchronization

/// A number that only grows while the process lives. Any thread may increment it.
@EventLoop
package final class Counter: Instrument {
    private let count = Atomic<Int>(0)
    private let observation = Mutex<MetricObservation?>(nil)

    nonisolated init() {}

    /// Adds `amount`, which is not negative.
    nonisolated package func increment(by amount: Int = 1) {
        precondition(amount >= 0, "a counter only grows")
        count.add(amount, ordering: .relaxed)
    }

    /// Makes `read` supply the value from now on, for totals that are kept elsewhere.
    nonisolated package func observe(_ read: @escaping MetricObservation) { observation.withLock { $0 = read } }

    package func expose(as name: String, labels: LabelSet, to exposition: inout Exposition) {
        let observe = observation.withLock { $0 }
        exposition.sample(name, labels, observe?() ?? Double(count.load(ordering: .relaxed)))
    }
}
