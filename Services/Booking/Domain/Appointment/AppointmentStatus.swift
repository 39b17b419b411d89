package import Primitives

/// Where an appointment is in its life.
package enum AppointmentStatus: Hashable, Sendable {
    /// The slot is kept until the instant. Exits: confirmed, cancelled, expired.
    case held(until: Instant)
    /// The appointment stands; the spec calls it booked. Exits: cancelled, completed, noShow.
    case confirmed
    /// Cancelled, the slot is free again. No exit.
    case cancelled
    /// The patient came and was treated. No exit.
    case completed
    /// The patient did not come. No exit.
    case noShow
    /// The hold lapsed, the slot is free again. No exit.
    case expired

    /// The stored and published name.
    package var name: String {
        switch self {
        case .held: "held"
        case .confirmed: "confirmed"
        case .cancelled: "cancelled"
        case .completed: "completed"
        case .noShow: "no_show"
        case .expired: "expired"
        }
    }

    /// The status as stored; nil for an unknown name, a hold without an end or an end without a hold.
    package init?(name: String, heldUntil: Instant?) {
        switch (name, heldUntil) {
        case ("held", let until?): self = .held(until: until)
        case ("confirmed", nil): self = .confirmed
        case ("cancelled", nil): self = .cancelled
        case ("completed", nil): self = .completed
        case ("no_show", nil): self = .noShow
        case ("expired", nil): self = .expired
        default: return nil
        }
    }

    /// When the hold lapses; nil for all other states.
    package var heldUntil: Instant? {
        if case .held(let until) = self { until } else { nil }
    }

    /// True while the slot is taken.
    package var takesSlot: Bool {
        switch self {
        case .held, .confirmed, .completed, .noShow: true
        case .cancelled, .expired: false
        }
    }

    /// What a calendar shows (STATUS of RFC 5545 section 3.8.1.11).
    package var calendarStatus: String {
        switch self {
        case .held: "TENTATIVE"
        case .confirmed, .completed, .noShow: "CONFIRMED"
        case .cancelled, .expired: "CANCELLED"
        }
    }
}
