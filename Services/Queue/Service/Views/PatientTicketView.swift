import Primitives
import QueueDomain
import WaitingLine

/// A ticket as its patient sees it. It shows no other patient.
struct PatientTicketView: Codable, Hashable, Sendable {
    /// The queue of the ticket.
    let queue: Identifier<Queue>
    /// The name of the queue.
    let queueName: QueueName
    /// Whether others can join.
    let isOpen: Bool
    /// The message to everyone who waits; absent when there is none.
    let message: Announcement?
    /// The number as it is shown.
    let ticketNumber: String
    /// The code by which the patient finds the ticket again if the browser forgets it.
    let shortCode: ShortCode
    /// Where the ticket is in its life.
    let status: TicketStatus
    /// The position in the line, from 1; absent unless the ticket waits.
    let position: Int?
    /// The expected wait; absent unless the ticket waits, and while too few visits were observed.
    let estimatedWait: WaitView?
    /// Whether the turn is near.
    let isNear: Bool
    /// The label of the counter to go to; absent unless the ticket was called.
    let counter: CounterLabel?
    /// When the ticket joined.
    let joinedAt: Instant
    /// The first call; absent before.
    let calledAt: Instant?
    /// Until when the patient can undo that they left; absent when they cannot.
    let undoUntil: Instant?
    /// The token of the ticket in the other queue; absent unless the ticket was transferred.
    let transferredTo: String?
    /// The version of the line that this is as of.
    let version: Int

    /// - Parameters:
    ///   - rank: the number of tickets before this one.
    ///   - code: the short code of the ticket.
    init(_ ticket: Ticket, in line: QueueLine, rank: Int, code: ShortCode, transferredTo: String? = nil) {
        let (settings, state) = (line.queue.settings, ticket.state)
        let isWaiting = state.status == .waiting
        (queue, queueName, isOpen) = (line.queue.id, settings.name, line.queue.isOpen)
        (message, ticketNumber) = (line.queue.message, settings.numbers.text(of: ticket.number.value))
        (status, position) = (state.status, isWaiting ? rank + 1 : nil)
        estimatedWait = isWaiting ? line.forecast?.wait(rank: rank).map(WaitView.init) : nil
        isNear = isWaiting && rank <= settings.nearAt
        counter = state.status.isAtCounter ? line.counters.first { $0.id == state.counter }?.label : nil
        (joinedAt, calledAt) = (ticket.joinedAt, state.calledAt)
        undoUntil = ticket.undo.flatMap { $0.isByPatient && $0.until >= line.now ? $0.until : nil }
        (shortCode, self.transferredTo, version) = (code, transferredTo, line.version)
    }
}

/// A ticket that a patient has just got, or has already.
struct JoinView: Codable, Hashable, Sendable {
    /// The number as it is shown.
    let ticketNumber: String
    /// The position in the line, from 1; absent unless the ticket waits.
    let position: Int?
    /// The expected wait; absent unless the ticket waits, and while too few visits were observed.
    let estimatedWait: WaitView?
    /// The token that opens the ticket to its patient. It is a secret.
    let patientToken: String
    /// The whole state of the ticket.
    let ticket: PatientTicketView

    init(_ ticket: PatientTicketView, token: String) {
        (ticketNumber, position, estimatedWait) = (ticket.ticketNumber, ticket.position, ticket.estimatedWait)
        (patientToken, self.ticket) = (token, ticket)
    }
}
