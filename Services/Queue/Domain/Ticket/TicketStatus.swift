/// Where a ticket is in its life.
package enum TicketStatus: String, CaseIterable, Sendable {
    /// Waits for its turn.
    case waiting
    /// Was called to a counter.
    case called
    /// The visit is under way.
    case serving
    /// Was put aside by staff.
    case held
    /// Was called, and the patient did not come.
    case missed
    /// Left before the visit.
    case left
    /// The visit is over.
    case finished
    /// Left for another queue.
    case transferred

    /// Whether something can still happen to the ticket.
    package var isOpen: Bool {
        switch self {
        case .waiting, .called, .serving, .held, .missed: true
        case .left, .finished, .transferred: false
        }
    }

    /// Whether the ticket occupies a counter.
    package var isAtCounter: Bool { self == .called || self == .serving }
}

/// How a ticket came into its line.
package enum TicketSource: String, CaseIterable, Sendable {
    /// The patient joined by the code of the queue.
    case code
    /// Staff added it at the desk.
    case desk
    /// The patient checked in for an appointment.
    case appointment
    /// It came from another queue.
    case transfer
}
