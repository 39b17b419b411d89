package import Primitives
package import WaitingLine

/// Marks ids of appointments, which Booking owns.
package enum BookedAppointment {}

/// A patient's turn in a queue.
package struct Ticket: Hashable, Sendable {
    /// The id of the ticket.
    package let id: Identifier<Ticket>
    /// The queue of the ticket, which never changes.
    package let queue: Identifier<Queue>
    /// The number, unique in the queue.
    package let number: TicketNumber
    /// The digest of the secret token that opens the ticket to its patient.
    package let tokenDigest: [UInt8]
    /// When the ticket joined.
    package let joinedAt: Instant
    /// How it came into the line.
    package let source: TicketSource
    /// The type of care; nil when it is not known.
    package let careType: CareName?
    /// The appointment that the patient came for; nil when there is none.
    package let appointment: Identifier<BookedAppointment>?
    /// What changes in the life of the ticket.
    package internal(set) var state: TicketState
    /// The state before the last change, while that can be undone.
    package internal(set) var undo: UndoableChange?

    package init(
        id: Identifier<Ticket>, queue: Identifier<Queue>, number: TicketNumber, tokenDigest: [UInt8],
        joinedAt: Instant, source: TicketSource, careType: CareName?, appointment: Identifier<BookedAppointment>?,
        state: TicketState, undo: UndoableChange? = nil
    ) {
        (self.id, self.queue, self.number, self.tokenDigest) = (id, queue, number, tokenDigest)
        (self.joinedAt, self.source, self.careType) = (joinedAt, source, careType)
        (self.appointment, self.state, self.undo) = (appointment, state, undo)
    }
}

/// What changes in the life of a ticket, and what an undo restores.
package struct TicketState: Hashable, Sendable {
    /// Where the ticket is in its life.
    package var status: TicketStatus
    /// The place in the order of the line.
    package var place: Place
    /// Why it is served before others.
    package var priority: TicketPriority
    /// The counter that called it last.
    package var counter: Identifier<Counter>?
    /// The first call, with which the measured wait ends.
    package var calledAt: Instant?
    /// The last call, recalls included.
    package var lastCalledAt: Instant?
    /// How many times the last call was repeated.
    package var recalls = 0
    /// When the visit began.
    package var servedAt: Instant?
    /// When the ticket was finished, left or was transferred.
    package var endedAt: Instant?
    /// How many times the patient returned by themselves.
    package var returns = 0
    /// Whether the approach of the turn was published.
    package var isNear = false
    /// The ticket in the other queue, of one that was transferred.
    package var successor: Identifier<Ticket>?

    /// A ticket that waits.
    package init(waitingAt place: Place, _ priority: TicketPriority) {
        (status, self.place, self.priority) = (.waiting, place, priority)
    }
}

/// A change that can be undone for a moment.
package struct UndoableChange: Hashable, Sendable {
    /// How long patients can undo that they left.
    package static let patientWindow: Duration = .seconds(30)
    /// How long staff can undo a call, a no-show, the end of a visit or a transfer.
    package static let staffWindow: Duration = .seconds(60)

    /// The state before the change.
    package let before: TicketState
    /// Until when it can be undone.
    package let until: Instant
    /// Whether the patient made the change, and so may undo it.
    package let isByPatient: Bool

    package init(before: TicketState, until: Instant, isByPatient: Bool) {
        (self.before, self.until, self.isByPatient) = (before, until, isByPatient)
    }
}
