package import EventLoop
import Synchronization

/// All metrics of a process, named by OpenTelemetry's conventions and exposed for Prometheus.
///
///     let requests = metrics.histogram("http.server.request.duration", by: ["http.route"], "Time to answer.")
///     requests["/api/slots"].record(.milliseconds(7))
///
/// Asking twice for the same name returns the same instruments; asking for it with another type is a programming error.
@EventLoop
package final class MetricsRegistry: Sendable {
    private struct Entry: Sendable {
        let type: String
        let help: String
        let family: any AnyObject & Sendable
        let expose: @EventLoop @Sendable (inout Exposition) -> Void
    }

    private let entries = Mutex<[String: Entry]>([:])
    private let overflow = MetricFamily<Counter>(labels: ["metric"], countOverflow: {}) { Counter() }

    /// An empty registry, which only counts its own overflows.
    nonisolated package init() {
        let name = MetricName.exposed("metrics.label.overflow", unit: .count, isCounter: true)
        let overflow = self.overflow
        entries.withLock { entries in
            entries[name] = Entry(
                type: "counter", help: "Measurements whose labels were over the bound.", family: overflow
            ) { overflow.expose(as: name, to: &$0) }
        }
    }

    /// A counter without labels.
    nonisolated package func counter(_ name: String, unit: MetricUnit = .count, _ help: String) -> Counter {
        counter(name, unit: unit, by: [], help).member([])
    }

    /// Counters, one for each combination of values of `labels`.
    nonisolated package func counter(
        _ name: String, unit: MetricUnit = .count, by labels: [String], _ help: String
    ) -> MetricFamily<Counter> {
        family(MetricName.exposed(name, unit: unit, isCounter: true), "counter", labels, help) { Counter() }
    }

    /// A gauge without labels.
    nonisolated package func gauge(_ name: String, unit: MetricUnit = .count, _ help: String) -> Gauge {
        gauge(name, unit: unit, by: [], help).member([])
    }

    /// Gauges, one for each combination of values of `labels`.
    nonisolated package func gauge(
        _ name: String, unit: MetricUnit = .count, by labels: [String], _ help: String
    ) -> MetricFamily<Gauge> {
        family(MetricName.exposed(name, unit: unit, isCounter: false), "gauge", labels, help) { Gauge() }
    }

    /// A histogram without labels; its values and `bounds` are in `unit`.
    nonisolated package func histogram(
        _ name: String, unit: MetricUnit = .seconds, bounds: [Double] = Histogram.durationBounds, _ help: String
    ) -> Histogram {
        histogram(name, unit: unit, bounds: bounds, by: [], help).member([])
    }

    /// Histograms, one for each combination of values of `labels`; values and `bounds` are in `unit`.
    nonisolated package func histogram(
        _ name: String, unit: MetricUnit = .seconds, bounds: [Double] = Histogram.durationBounds, by labels: [String],
        _ help: String
    ) -> MetricFamily<Histogram> {
        family(MetricName.exposed(name, unit: unit, isCounter: false), "histogram", labels, help) {
            Histogram(bounds: bounds)
        }
    }

    /// The answer to `/metrics`: every metric by name, every instrument by its labels.
    package func exposition() -> String {
        let sorted = entries.withLock { $0 }.sorted { $0.key < $1.key }
        var exposition = Exposition()
        for (name, entry) in sorted {
            exposition.header(name, type: entry.type, help: entry.help)
            entry.expose(&exposition)
        }
        return exposition.text
    }

    nonisolated private func family<Metric: Instrument>(
        _ name: String, _ type: String, _ labels: [String], _ help: String, _ make: @escaping @Sendable () -> Metric
    ) -> MetricFamily<Metric> {
        entries.withLock { entries in
            if let entry = entries[name] {
                guard let family = entry.family as? MetricFamily<Metric>,
                    family.labels == labels.map(MetricName.exposed)
                else { preconditionFailure("\(name) is measured in two ways") }
                return family
            }
            let countOverflow: @Sendable () -> Void = { [overflow] in overflow[name].increment() }
            let family = MetricFamily(labels: labels, countOverflow: countOverflow, make: make)
            entries[name] = Entry(type: type, help: help, family: family) { family.expose(as: name, to: &$0) }
            return family
        }
    }
}
