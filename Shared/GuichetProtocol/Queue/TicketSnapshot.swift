package import Primitives

/// Marks ids of tickets.
package enum TicketKind {}
/// The id of a ticket.
package typealias TicketID = Identifier<TicketKind>

/// A ticket as it is after an event. It says nothing of the person but where they stand.
package struct TicketSnapshot: Codable, Hashable, Sendable, WireRules {
    /// The id of the ticket.
    package var id: TicketID
    /// The number as it is shown, for example `A012`; unique in a queue on one day.
    package var number: String
    /// Where the ticket is in its life.
    package var status: String
    /// The place in the order of the line: lower is served first, and the id decides between equal ones.
    package var place: Int
    /// The priority of the ticket.
    package var priority: String
    /// The SHA-256 of the secret token of the ticket, in base64url without padding.
    package var tokenDigest: String
    /// The label of the counter that called the ticket; absent when none did.
    package var counter: String?
    /// The time at which the ticket joined.
    package var joinedAt: Instant
    /// The time of the first call; absent while the ticket has not been called.
    package var calledAt: Instant?
    /// The type of care; absent when it is not known.
    package var careType: String?
    /// The appointment that the patient came for; absent when they came without one.
    package var appointment: AppointmentID?

    package static let rules: [String: WireRule] = [
        "status": .oneOf([
            "waiting", "called", "serving", "held", "missed", "left", "finished", "transferred",
        ]),
        "priority": .oneOf(["normal", "priority", "urgent", "appointment"]),
        "number": .length(minimum: 1, maximum: 12), "tokenDigest": .length(minimum: 43, maximum: 43),
    ]

    package init(
        id: TicketID, number: String, status: String, place: Int, priority: String, tokenDigest: String,
        counter: String?, joinedAt: Instant, calledAt: Instant?, careType: String?, appointment: AppointmentID?
    ) {
        (self.id, self.number, self.status, self.place) = (id, number, status, place)
        (self.priority, self.tokenDigest, self.counter) = (priority, tokenDigest, counter)
        (self.joinedAt, self.calledAt) = (joinedAt, calledAt)
        (self.careType, self.appointment) = (careType, appointment)
    }
}
