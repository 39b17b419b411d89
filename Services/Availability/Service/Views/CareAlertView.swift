import AvailabilityDomain
import Primitives
import Scheduling

/// An alert of early slots, as its subscriber sees it.
struct CareAlertView: Codable, Sendable {
    let id: Identifier<CareAlert>
    let careType: CareType
    /// Nil if any practitioner will do.
    let practitioner: Identifier<Resource>?
    let from: Instant
    let to: Instant
    let createdAt: Instant
    /// How often a slot became free.
    let raised: Int
    /// When a slot last became free.
    let raisedAt: Instant?

    init(_ alert: CareAlert, createdAt: Instant, raised: Int = 0, raisedAt: Instant? = nil) {
        (id, careType, practitioner) = (alert.id, alert.careType, alert.practitioner)
        (from, to, self.createdAt) = (alert.window.start, alert.window.end, createdAt)
        (self.raised, self.raisedAt) = (raised, raisedAt)
    }
}
