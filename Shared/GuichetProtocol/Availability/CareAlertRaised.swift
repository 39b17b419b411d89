package import Primitives

/// Marks ids of care alerts.
package enum CareAlertKind {}
/// The id of a care alert.
package typealias CareAlertID = Identifier<CareAlertKind>

/// A slot has become free that somebody is waiting for. The aggregate is the alert that this person has set.
package struct CareAlertRaised: Event {
    package static let name = EventName("availability", "care-alert", "raised", version: 1)
    /// Whom to tell. How to reach the user is for others to know.
    package var subscriber: UserID
    /// What they wait for, for example `detartrage`.
    package var careType: String
    /// Who would give it.
    package var practitioner: PractitionerID
    /// When the slot starts, without buffers.
    package var start: Instant
    /// When it ends, excluded.
    package var end: Instant

    package init(
        subscriber: UserID, careType: String, practitioner: PractitionerID, start: Instant, end: Instant
    ) {
        (self.subscriber, self.careType, self.practitioner) = (subscriber, careType, practitioner)
        (self.start, self.end) = (start, end)
    }
}
