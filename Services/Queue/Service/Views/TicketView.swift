import Primitives
import QueueDomain
import WaitingLine

/// A ticket as staff see it.
struct TicketView: Codable, Hashable, Sendable {
    /// The id of the ticket.
    let id: Identifier<Ticket>
    /// The queue of the ticket.
    let queue: Identifier<Queue>
    /// The number as it is shown.
    let ticketNumber: String
    /// Where the ticket is in its life.
    let status: TicketStatus
    /// The position in the line, from 1; absent unless the ticket waits, and in answers to changes.
    private(set) var position: Int?
    /// The place in the order of the line: lower is served first, and the id decides between equal ones.
    let place: Int
    /// Why it is served before others.
    let priority: TicketPriority
    /// How it came into the line.
    let source: TicketSource
    /// The counter that called it last; absent while none has.
    let counter: Identifier<Counter>?
    /// The type of care; absent when it is not known.
    let careType: CareName?
    /// The appointment that the patient came for; absent when there is none.
    let appointment: Identifier<BookedAppointment>?
    /// The name that the patient gave; absent when they gave none, and in answers to changes.
    private(set) var name: String?
    /// When the ticket joined.
    let joinedAt: Instant
    /// The first call, with which the measured wait ends; absent before.
    let calledAt: Instant?
    /// How many times the last call was repeated.
    let recalls: Int
    /// When the visit began; absent before.
    let servedAt: Instant?
    /// When the ticket was finished, left or was transferred; absent before.
    let endedAt: Instant?
    /// Until when staff can undo the last change; absent when they cannot.
    let undoUntil: Instant?
    /// The ticket in the other queue; absent unless the ticket was transferred.
    let successor: Identifier<Ticket>?

    init(_ ticket: Ticket, _ numbers: NumberFormat) {
        let state = ticket.state
        (id, queue, ticketNumber) = (ticket.id, ticket.queue, numbers.text(of: ticket.number.value))
        (status, priority, source) = (state.status, state.priority, ticket.source)
        place = state.place.milliseconds
        (counter, careType, appointment) = (state.counter, ticket.careType, ticket.appointment)
        (joinedAt, calledAt, recalls) = (ticket.joinedAt, state.calledAt, state.recalls)
        (servedAt, endedAt) = (state.servedAt, state.endedAt)
        (undoUntil, successor) = (ticket.undo?.until, state.successor)
    }

    /// The ticket in a list.
    func with(position: Int?, name: String?) -> TicketView {
        var view = self
        (view.position, view.name) = (position, name)
        return view
    }
}

/// What a counter called.
struct CallView: Codable, Hashable, Sendable {
    /// The ticket that was called; absent when none waits.
    let ticket: TicketView?
}

/// A ticket with what its patient needs to follow it.
struct GivenTicketView: Codable, Hashable, Sendable {
    /// The ticket.
    let ticket: TicketView
    /// The token that opens the ticket to its patient. It is a secret.
    let patientToken: String
}

/// A range of minutes.
struct WaitView: Codable, Hashable, Sendable {
    /// Half of the patients wait longer.
    let from: Int
    /// One patient of five waits longer.
    let to: Int

    init(_ estimate: WaitEstimate) { (from, to) = (estimate.from, estimate.to) }
}
