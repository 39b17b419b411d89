import GuichetProtocol
import Primitives

/// What one event did to one day, and when all readers could see it.
struct PublicationView: Codable, Sendable {
    enum Outcome: String, Codable, CaseIterable, Sendable {
        /// Readers see another view.
        case published
        /// The event changed nothing that readers see.
        case unchanged
        /// The day is not shown until a report arrives.
        case withheld
        /// A report corrected the day, or confirmed it.
        case recalculated
    }

    let number: Int
    let eventId: EventID
    let eventType: String
    /// `<kind>/<id>` of the aggregate, and its version after the event.
    let aggregate: String
    let aggregateVersion: Int
    let day: LocalDay
    let viewVersion: Int
    let outcome: Outcome
    let happenedAt: Instant
    let appliedAt: Instant
    /// Nil while some readers may still see the previous view.
    let visibleAt: Instant?
    /// From the event to the moment at which all readers can see its effect.
    let latencyMilliseconds: Int?

    init(
        number: Int, eventId: EventID, eventType: String, aggregate: String, aggregateVersion: Int, day: LocalDay,
        viewVersion: Int, outcome: Outcome, happenedAt: Instant, appliedAt: Instant, visibleAt: Instant?
    ) {
        (self.number, self.eventId, self.eventType) = (number, eventId, eventType)
        (self.aggregate, self.aggregateVersion, self.day) = (aggregate, aggregateVersion, day)
        (self.viewVersion, self.outcome) = (viewVersion, outcome)
        (self.happenedAt, self.appliedAt, self.visibleAt) = (happenedAt, appliedAt, visibleAt)
        latencyMilliseconds = visibleAt.map { Int(($0 - happenedAt) / .milliseconds(1)) }
    }
}
