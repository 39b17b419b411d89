import GuichetProtocol
import Primitives

/// What one event did to one day, and when all readers could see it.
struct PublicationView: Codable, Sendable {
    /// What an event did to a day.
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

    /// Rises with each line of the journal.
    let number: Int
    /// The event.
    let eventId: EventID
    /// The type of the event.
    let eventType: String
    /// The aggregate of the event, `<kind>/<id>`.
    let aggregate: String
    /// The version of the aggregate after the event.
    let aggregateVersion: Int
    /// The day that the event concerns.
    let day: LocalDay
    /// The version of what readers see of the day after the event.
    let viewVersion: Int
    /// What the event did to the day.
    let outcome: Outcome
    /// When the event happened.
    let happenedAt: Instant
    /// When its effect was stored.
    let appliedAt: Instant
    /// When all readers could see it; absent while some may still see the previous version.
    let visibleAt: Instant?
    /// From the event to the moment at which all readers can see its effect; absent before.
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
