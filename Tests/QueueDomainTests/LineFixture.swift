import Primitives
import QueueDomain
import WaitingLine

/// A line whose tickets are made one after another.
struct LineFixture {
    let queue: Queue
    let counters: [Counter]
    var tickets: [Identifier<Ticket>: Ticket] = [:]
    var version = 0
    var now = Instant(seconds: 1_800_000_000)
    private(set) var facts: [LineFact] = []
    private var present: Queue

    init(nearAt: Int = 1, capacity: Int = 100, counters: Int = 2, isOpen: Bool = true) {
        let settings = QueueSettings(
            name: QueueName(stored: "Consultations"), numbers: NumberFormat(storedPrefix: "A", digits: 3),
            capacity: capacity, nearAt: nearAt, expectedVisitMinutes: 10, recallLimit: 2, returnBehind: 2,
            acceptsOtherTickets: true)
        queue = Queue(id: .new(), settings: settings, isOpen: isOpen)
        present = queue
        self.counters = (0..<counters).map {
            Counter(id: .new(), label: CounterLabel(stored: "Guichet \($0 + 1)"), isInService: true)
        }
    }

    /// Changes the line as a transaction does, a second later.
    @discardableResult
    mutating func change<T>(_ body: (inout QueueLine) throws -> T) rethrows -> T {
        now = now + .seconds(1)
        var line = QueueLine(
            QueueLine.Present(
                queue: present, counters: counters, tickets: Array(tickets.values), calls: [], visits: [],
                version: version), at: now)
        let value = try body(&line)
        (tickets, version, present) = (line.tickets, line.version, line.queue)
        facts += line.facts
        return value
    }

    @discardableResult
    mutating func join(
        _ priority: TicketPriority = .normal, source: TicketSource = .desk
    ) throws -> Identifier<Ticket> {
        let open = tickets.values.count { $0.state.status.isOpen }
        return try change { line in
            let newcomer = Newcomer(id: .new(at: line.now), tokenDigest: [], source: source, priority: priority)
            return try line.join(newcomer, open: open, today: LocalDay(daysSinceEpoch: 20_000)).id
        }
    }

    @discardableResult
    mutating func callNext(_ counter: Int = 0, ending: VisitEnding = .finished) throws -> Identifier<Ticket>? {
        let id = counters[counter].id
        return try change { try $0.callNext(at: id, ending: ending)?.id }
    }

    func status(_ ticket: Identifier<Ticket>) -> TicketStatus? { tickets[ticket]?.state.status }

    /// Those who wait, in order.
    var order: [Identifier<Ticket>] {
        tickets.values.filter { $0.state.status == .waiting }
            .sorted { ($0.state.place, $0.id) < ($1.state.place, $1.id) }.map(\.id)
    }

    /// The verbs so far.
    var verbs: [LineVerb] { facts.map(\.verb) }
}
