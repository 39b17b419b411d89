package import EventLoop

/// One measured value, or one distribution, under one set of labels.
@EventLoop
package protocol Instrument: AnyObject, Sendable {
    /// Appends the lines of this instrument to an exposition.
    func expose(as name: String, labels: LabelSet, to exposition: inout Exposition)
}

/// What a number counts; it ends the exposed name, as Prometheus asks.
package enum MetricUnit: String, Sendable {
    /// Things: requests, rows, connections.
    case count = ""
    case seconds
    case bytes
    case ratio
}

/// Reads a value that is kept elsewhere, each time the metrics are asked for.
package typealias MetricObservation = @EventLoop @Sendable () -> Double
