package import Primitives

/// Marks ids of care alerts.
package enum CareAlertKind {}
/// The id of a care alert.
package typealias CareAlertID = Identifier<CareAlertKind>

/// A slot became free that matches a care alert. The aggregate is the alert that the patient set.
package struct CareAlertRaised: Event {
    package static let name = EventName("availability", "care-alert", "raised", version: 1)
    /// The user to notify. Contact details stay with Identity and Booking.
    package var subscriber: UserID
    /// The type of care, for example `detartrage`.
    package var careType: String
    /// The practitioner whose slot is free.
    package var practitioner: PractitionerID
    /// The start of the slot, without buffers.
    package var start: Instant
    /// The end of the slot, excluded.
    package var end: Instant

    package init(
        subscriber: UserID, careType: String, practitioner: PractitionerID, start: Instant, end: Instant
    ) {
        (self.subscriber, self.careType, self.practitioner) = (subscriber, careType, practitioner)
        (self.start, self.end) = (start, end)
    }
}
