import EventLoop
import Synchronization

/// The instruments of one metric, one for each combination of label values.
///
/// Combinations are bounded: those after the first ``limit`` are measured together, with every label set to `other`,
/// and counted in `metrics.label.overflow`. Labels name routes and states, never ids, paths or people.
package final class MetricFamily<Metric: Instrument>: Sendable {
    /// The most combinations of label values.
    package static var limit: Int { 256 }

    let labels: [String]
    private let countOverflow: @Sendable () -> Void
    private let make: @Sendable () -> Metric
    private let members = Mutex<[[String]: Metric]>([:])

    init(
        labels: [String], countOverflow: @escaping @Sendable () -> Void, make: @escaping @Sendable () -> Metric
    ) {
        self.labels = labels.map(MetricName.exposed)
        self.countOverflow = countOverflow
        self.make = make
    }

    /// The instrument for these values, in the order of the labels. Store it where it is used often: the lookup costs
    /// more than the measurement.
    package subscript(values: String...) -> Metric { member(values) }

    func member(_ values: [String]) -> Metric {
        precondition(values.count == labels.count, "every label has a value")
        let (metric, isOver) = members.withLock { members in
            if let metric = members[values] { return (metric, false) }
            let isOver = members.count >= Self.limit
            let key = isOver ? labels.map { _ in "other" } : values
            if let metric = members[key] { return (metric, isOver) }
            let metric = make()
            members[key] = metric
            return (metric, isOver)
        }
        if isOver { countOverflow() }
        return metric
    }

    @EventLoop func expose(as name: String, to exposition: inout Exposition) {
        let all = members.withLock { $0 }
        let sorted = all.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        for (values, metric) in sorted {
            metric.expose(as: name, labels: LabelSet(names: labels, values: values), to: &exposition)
        }
    }
}

/// Converts OpenTelemetry names to Prometheus names.
enum MetricName {
    /// `http.server.request.duration` in seconds becomes `http_server_request_duration_seconds`; a counter ends in
    /// `_total`.
    static func exposed(_ name: String, unit: MetricUnit, isCounter: Bool) -> String {
        let parts = [exposed(name), unit.rawValue, isCounter ? "total" : ""]
        return parts.filter { !$0.isEmpty }.joined(separator: "_")
    }

    static func exposed(_ name: String) -> String {
        precondition(
            name.wholeMatch(of: /[a-z][a-z0-9_]*(\.[a-z0-9_]+)*/) != nil, "\(name) is not an OpenTelemetry name")
        return name.replacing(".", with: "_")
    }
}
