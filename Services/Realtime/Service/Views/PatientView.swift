import GuichetProtocol
import RealtimeDomain
import WaitingLine

/// Where the ticket of a patient stands: `position:updated`, and the answer to `join:patient`. It says nothing of others.
struct PatientView: Codable, Hashable, Sendable {
    /// The version of the line: a lower one is older.
    let version: Int
    /// The queue.
    let queue: QueueID
    /// The name of the queue.
    let queueName: String
    /// Whether the queue is open.
    let isOpen: Bool
    /// The message to everyone who waits; absent when there is none.
    let message: String?
    /// The number of the ticket as it is shown.
    let ticketNumber: String
    /// Where the ticket is in its life: `waiting`, `called`, `serving`, `held`, `missed`, `left`, `finished`,
    /// `transferred`, or `ended` when the line no longer has it.
    let status: String
    /// The position in the line, 1 for the next; absent unless the ticket waits.
    let position: Int?
    /// The wait to expect; absent unless the ticket waits and enough visits were observed.
    let estimatedWait: WaitView?
    /// Whether the turn is near.
    let isNear: Bool
    /// The counter to go to; absent unless the ticket is called or served.
    let counter: String?

    /// - Parameter forecast: nil when too few visits were observed.
    init(_ ticket: TicketSnapshot, in state: LineState, _ forecast: WaitForecast?) {
        let rank = state.rank(of: ticket.id)
        (version, queue, queueName) = (state.version.number, state.line.queue, state.line.name)
        (isOpen, message) = (state.line.isOpen, state.line.message)
        (ticketNumber, status) = (ticket.number, ticket.status)
        // A ticket remembers its last counter, also when it waits again.
        counter = ["called", "serving"].contains(ticket.status) ? ticket.counter : nil
        position = rank.map { $0 + 1 }
        estimatedWait = rank.flatMap { forecast?.wait(rank: $0) }.map(WaitView.init)
        isNear = rank.map { $0 <= state.line.nearAt } ?? false
    }

    /// Whether a patient who was sent `earlier` sees a difference.
    func differs(from earlier: PatientView?) -> Bool {
        guard let earlier else { return true }
        return status != earlier.status || position != earlier.position || estimatedWait != earlier.estimatedWait
            || isNear != earlier.isNear || counter != earlier.counter || isOpen != earlier.isOpen
            || message != earlier.message || queueName != earlier.queueName || ticketNumber != earlier.ticketNumber
    }
}

/// The patient is called: `patient:called` and `turn:called`.
struct PatientCall: Codable, Sendable {
    /// The version of the line.
    let version: Int
    /// The queue.
    let queue: QueueID
    /// The number of the ticket as it is shown.
    let ticketNumber: String
    /// What to show to the patient.
    let message: String
    /// Where the patient is to go; absent when the queue has no counters.
    let counter: String?
    /// How many times the call was repeated.
    let recalls: Int

    init(_ ticket: TicketSnapshot, _ change: LineChange) {
        (version, queue) = (change.version.number, change.line.queue)
        (ticketNumber, counter) = (ticket.number, ticket.counter)
        message = "C’est votre tour !"
        recalls = change.line.calls.first { $0.ticket == ticket.id }?.recalls ?? 0
    }
}

/// The turn of the patient is near: `turn:near`.
struct NearTurn: Codable, Sendable {
    /// The version of the line.
    let version: Int
    /// The queue.
    let queue: QueueID
    /// The number of the ticket as it is shown.
    let ticketNumber: String
    /// What to show to the patient.
    let message: String
    /// How many are before the patient; absent when the ticket no longer waits.
    let ahead: Int?

    init(_ ticket: TicketSnapshot, ahead: Int?, _ change: LineChange) {
        (version, queue) = (change.version.number, change.line.queue)
        (ticketNumber, self.ahead) = (ticket.number, ahead)
        message = "Votre tour approche."
    }
}
