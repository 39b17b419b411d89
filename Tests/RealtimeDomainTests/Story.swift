import GuichetProtocol
import Primitives
import RealtimeDomain
import SchedulingTesting

/// A line as Queue would change it at random, and its events.
struct Story {
    private(set) var changes: [LineChange] = []
    private(set) var tickets: [TicketID: TicketSnapshot] = [:]
    private var random: SeededGenerator
    private let queue = QueueID.new()
    private static let began = Instant(seconds: 1_780_000_000)

    /// - Parameter seed: the same story for the same seed.
    init(seed: Int, events: Int) {
        random = SeededGenerator(seed: seed)
        for _ in 0..<events { change() }
    }

    var line: LineSnapshot {
        LineSnapshot(
            queue: queue, name: "Accueil", isOpen: true, message: nil, nearAt: 2,
            pace: PaceSnapshot(typicalSeconds: 600, slowSeconds: 900, samples: 5),
            counters: [CounterSnapshot(id: .new(), label: "Cabinet 1", isInService: true, servingSince: nil)], calls: []
        )
    }

    /// What Queue would report now.
    var report: LineReport {
        LineReport(
            line: changes.last?.line ?? line, tickets: tickets.values.filter { !$0.hasEnded },
            version: LineVersion(changes.count))
    }

    private mutating func change() {
        let waiting = tickets.values.filter { $0.status == "waiting" }.map(\.id).sorted()
        let at = Self.began + .seconds(changes.count)
        guard !waiting.isEmpty, !random.once(in: 2) else {
            return publish(.joined, ticket(at: at), at)
        }
        let status = random.pick(["called", "left", "held", "finished"])
        guard var ticket = tickets[random.pick(waiting)] else { return }
        ticket.status = status
        publish(status == "called" ? .called : .left, ticket, at)
    }

    private mutating func ticket(at instant: Instant) -> TicketSnapshot {
        TicketSnapshot(
            id: .new(at: instant), number: "A\(changes.count)", status: "waiting",
            place: Int(instant.microseconds / 1000) - random.int(0...3) * 600_000, priority: "normal",
            tokenDigest: "digest \(changes.count)", counter: nil, joinedAt: instant, calledAt: nil, careType: nil,
            appointment: nil)
    }

    private mutating func publish(_ verb: LineVerb, _ ticket: TicketSnapshot, _ at: Instant) {
        tickets[ticket.id] = ticket
        changes.append(
            LineChange(verb, line: line, ticket: ticket, version: LineVersion(changes.count + 1), at: at))
    }
}

extension LineState {
    /// The waiting tickets and the others, for comparison.
    var contents: [TicketSnapshot] { next(.max) + attended }
}
