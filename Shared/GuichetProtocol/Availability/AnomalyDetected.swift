package import Primitives

/// Marks ids of anomalies.
package enum AnomalyKind {}
/// The id of an anomaly.
package typealias AnomalyID = Identifier<AnomalyKind>

/// Publication failed or was late, or the cache differed from the database. Each anomaly is an aggregate.
package struct AnomalyDetected: Event, WireRules {
    package static let name = EventName("availability", "anomaly", "detected", version: 1)
    /// The kind of anomaly.
    package var kind: String
    /// The day concerned; absent when there is none.
    package var day: LocalDay?
    /// The id of the event that revealed the anomaly; absent when there is none.
    package var event: EventID?
    /// One line for the administrator, in French and without personal data.
    package var detail: String

    package static let rules: [String: WireRule] = [
        "kind": .oneOf([
            "cache-away", "cache-back", "latency", "gap", "corrupt-cache", "divergence", "recalculation-overdue",
        ])
    ]

    package init(kind: String, day: LocalDay?, event: EventID?, detail: String) {
        (self.kind, self.day, self.event, self.detail) = (kind, day, event, detail)
    }
}
