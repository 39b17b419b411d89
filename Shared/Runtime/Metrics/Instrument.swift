package import EventLoop

/// One measured value, or one distribution, under one set of labels.
@EventLoop
package protocol Instrument: AnyObject, Sendable {
    /// Appends the lines of this instrument to an exposition.
    func expose(as name: String, labels: LabelSet, to exposition: inout Exposition)
}

/// The unit of a metric, which ends the exposed name, as Prometheus recommends.
package enum MetricUnit: String, Sendable {
    /// Things: requests, rows, connections.
    case count = ""
    case seconds
    case bytes
    case ratio
}

/// Reads a value that is kept elsewhere, on each collection of the metrics.
package typealias MetricObservation = @EventLoop @Sendable () -> Double
