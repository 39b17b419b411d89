import EventLoop
import Runtime

/// What can be seen from outside of how publication goes.
@EventLoop
struct PublicationMetrics {
    /// From the event to everybody seeing its effect.
    let latency: Histogram
    /// Days published, by what became of them.
    let publications: MetricFamily<Counter>
    /// What was found in the cache: `hit`, `missing`, `corrupt`.
    let lookups: MetricFamily<Counter>
    /// Searches answered from this process's own copies, and those that were worked out.
    let searches: MetricFamily<Counter>
    let anomalies: MetricFamily<Counter>
    /// 1 while searches read the database.
    let degraded: Gauge

    init(_ metrics: MetricsRegistry) {
        latency = metrics.histogram(
            "guichet.publication.latency", "From a change in the central index to its being seen by everybody.")
        publications = metrics.counter(
            "guichet.publication.days", by: ["outcome"], "Days looked at anew because of an event, by outcome.")
        lookups = metrics.counter(
            "guichet.publication.cache.lookups", by: ["finding"], "Days looked up in the cache, by finding.")
        searches = metrics.counter(
            "guichet.search.answers", by: ["source"], "Searches answered, by where the answer came from.")
        anomalies = metrics.counter("guichet.publication.anomalies", by: ["kind"], "Anomalies noted, by kind.")
        degraded = metrics.gauge("guichet.publication.degraded", "1 while searches read the database directly.")
    }
}

extension PublicationMetrics {
    /// Counts a day that readers see otherwise from now on.
    func count(_ entry: DayEntry) {
        let outcome = if case .view = entry.content { "published" } else { "withheld" }
        publications[outcome].increment()
    }
}
