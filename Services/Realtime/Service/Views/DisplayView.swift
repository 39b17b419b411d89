import GuichetProtocol
import Primitives
import RealtimeDomain

/// What a display shows of a line: `display:update`, and the answer to `join:display`.
struct DisplayView: Codable, Hashable, Sendable {
    /// How long a call is shown at least, in seconds: calls that arrive sooner wait for their turn.
    static let showSeconds = 8

    /// The version of the line: a lower one is older.
    let version: Int
    /// The queue.
    let queue: QueueID
    /// The name of the queue.
    let queueName: String
    /// Whether patients can join.
    let isOpen: Bool
    /// The message to everyone who waits; absent when there is none.
    let message: String?
    /// The number that was called last; absent when none was.
    let calledNumber: String?
    /// How many tickets wait.
    let waiting: Int
    /// The number that is next; absent when none waits.
    let next: String?
    /// The last calls, the newest first, so that none is missed when several come at once.
    let calls: [DisplayedCall]
    /// How long a call is shown at least, in seconds.
    let showSeconds: Int

    init(_ state: LineState) {
        (version, queue, queueName) = (state.version.number, state.line.queue, state.line.name)
        (isOpen, message, waiting) = (state.line.isOpen, state.line.message, state.waiting)
        (calls, next) = (state.line.calls.map(DisplayedCall.init), state.next(1).first?.number)
        (calledNumber, showSeconds) = (calls.first?.ticketNumber, Self.showSeconds)
    }
}

/// A call, as displays and staff see it.
struct DisplayedCall: Codable, Hashable, Sendable {
    /// The number of the ticket.
    let ticketNumber: String
    /// Where the patient is to go; absent when the queue has no counters.
    let counter: String?
    /// The time of the call, in milliseconds since 1970: it identifies the call with the number.
    let calledAt: Int
    /// How many times the call was repeated.
    let recalls: Int

    init(_ call: CallSnapshot) {
        (ticketNumber, counter, recalls) = (call.number, call.counter, call.recalls)
        calledAt = Int(call.at.microseconds / 1000)
    }
}

/// A ticket is called: `display:called`.
struct DisplayCall: Codable, Sendable {
    /// The version of the line.
    let version: Int
    /// The queue.
    let queue: QueueID
    /// The number of the ticket.
    let ticketNumber: String
    /// Where the patient is to go; absent when the queue has no counters.
    let counter: String?
    /// How many times the call was repeated.
    let recalls: Int
    /// How the number is shown.
    let animation: String
    /// How long the call is shown at least, in seconds.
    let showSeconds: Int

    init(_ ticket: TicketSnapshot, _ change: LineChange) {
        (version, queue) = (change.version.number, change.line.queue)
        (ticketNumber, counter) = (ticket.number, ticket.counter)
        recalls = change.line.calls.first { $0.ticket == ticket.id }?.recalls ?? 0
        (animation, showSeconds) = ("pulse", DisplayView.showSeconds)
    }
}
