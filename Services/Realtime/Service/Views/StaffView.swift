import GuichetProtocol
import Primitives
import RealtimeDomain
import WaitingLine

/// A line as staff see it: `queue:updated`, and the answer to `join:clinic`. It names no person.
struct StaffView: Codable, Sendable {
    /// The most waiting tickets that are listed.
    static let maximumEntries = 200

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
    /// The tickets that are called, served, put aside or missed, then those that wait, in their order. Of a very long line
    /// the first ones: `stats` counts all.
    let entries: [StaffEntry]
    /// The line in numbers.
    let stats: StaffStatistics
    /// The counters.
    let counters: [CounterSnapshot]
    /// The last calls, the newest first.
    let calls: [DisplayedCall]
    /// The displays that are connected; one that is missing shows nothing new.
    let connectedDisplays: [DisplayID]

    init(_ state: LineState, _ forecast: WaitForecast?, _ presence: LinePresence.Observation) {
        (version, queue, queueName) = (state.version.number, state.line.queue, state.line.name)
        (isOpen, message) = (state.line.isOpen, state.line.message)
        let (attended, waiting) = (state.attended, state.next(Self.maximumEntries))
        entries =
            attended.prefix(Self.maximumEntries).map { StaffEntry($0, rank: nil, presence) }
            + waiting.enumerated().map { StaffEntry($1, rank: $0, presence) }
        stats = StaffStatistics(
            waiting: state.waiting, called: attended.count { $0.status == "called" },
            serving: attended.count { $0.status == "serving" },
            estimatedWait: forecast?.wait(rank: state.waiting).map(WaitView.init))
        (counters, calls) = (state.line.counters, state.line.calls.map(DisplayedCall.init))
        connectedDisplays = presence.displays.sorted()
    }
}

/// A ticket as staff see it.
struct StaffEntry: Codable, Sendable {
    /// The ticket.
    let id: TicketID
    /// The number as it is shown.
    let ticketNumber: String
    /// Where the ticket is in its life.
    let status: String
    /// The position in the line, 1 for the next; absent unless the ticket waits.
    let position: Int?
    /// The priority of the ticket.
    let priority: String
    /// The counter that called the ticket; absent when none did.
    let counter: String?
    /// The time of joining.
    let joinedAt: Instant
    /// The time of the first call; absent before it.
    let calledAt: Instant?
    /// The type of care; absent when it is not known.
    let careType: String?
    /// The appointment that the patient came for; absent when there is none.
    let appointment: AppointmentID?
    /// Whether a telephone of the patient is connected: a patient without one must be called aloud.
    let isConnected: Bool

    init(_ ticket: TicketSnapshot, rank: Int?, _ presence: LinePresence.Observation) {
        isConnected = presence.tickets.contains(ticket.id)
        (id, ticketNumber, status, position) = (ticket.id, ticket.number, ticket.status, rank.map { $0 + 1 })
        (priority, counter, joinedAt, calledAt) = (ticket.priority, ticket.counter, ticket.joinedAt, ticket.calledAt)
        (careType, appointment) = (ticket.careType, ticket.appointment)
    }
}

/// A line in numbers.
struct StaffStatistics: Codable, Sendable {
    /// Tickets that wait.
    let waiting: Int
    /// Tickets that are called and not served yet.
    let called: Int
    /// Tickets that are served.
    let serving: Int
    /// The wait of a ticket that would join now; absent when too few visits were observed.
    let estimatedWait: WaitView?
}
