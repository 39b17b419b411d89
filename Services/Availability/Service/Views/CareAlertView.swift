import AvailabilityDomain
import Primitives
import Scheduling

/// An alert of early slots, as its subscriber sees it.
struct CareAlertView: Codable, Sendable {
    /// The id of the alert.
    let id: Identifier<CareAlert>
    /// The type of care.
    let careType: CareType
    /// The practitioner; absent if any will do.
    let practitioner: Identifier<Resource>?
    /// The earliest start of a slot.
    let from: Instant
    /// Slots start before this instant; then the alert ends.
    let to: Instant
    /// When the alert was created.
    let createdAt: Instant
    /// How often a slot became free.
    let raised: Int
    /// When a slot last became free; absent if none has.
    let raisedAt: Instant?

    init(_ alert: CareAlert, createdAt: Instant, raised: Int = 0, raisedAt: Instant? = nil) {
        (id, careType, practitioner) = (alert.id, alert.careType, alert.practitioner)
        (from, to, self.createdAt) = (alert.window.start, alert.window.end, createdAt)
        (self.raised, self.raisedAt) = (raised, raisedAt)
    }
}
