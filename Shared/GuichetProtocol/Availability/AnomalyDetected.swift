package import Primitives

/// Marks ids of anomalies.
package enum AnomalyKind {}
/// The id of an anomaly.
package typealias AnomalyID = Identifier<AnomalyKind>

/// Publication did not go as it should; somebody may want to know. Each anomaly is an aggregate of its own.
package struct AnomalyDetected: Event {
    package static let name = EventName("availability", "anomaly", "detected", version: 1)
    /// What went wrong: `cache-away`, `cache-back`, `latency`, `gap`, `corrupt-cache`, `divergence` or
    /// `recalculation-overdue`.
    package var kind: String
    /// The day that it is about.
    package var day: LocalDay?
    /// The event that showed it.
    package var event: EventID?
    /// One line for the administrator, in French, without personal data.
    package var detail: String

    package init(kind: String, day: LocalDay?, event: EventID?, detail: String) {
        (self.kind, self.day, self.event, self.detail) = (kind, day, event, detail)
    }
}
