import Primitives
import QueueDomain
import SchedulingTesting
import Testing
import WaitingLine

@Suite("Changes of a line")
struct QueueLineTests {
    @Test("patients join open queues with room, and staff add tickets to any queue")
    func joining() throws {
        var closed = LineFixture(isOpen: false)
        #expect(throws: QueueError.queueClosed) { try closed.join(source: .code) }
        try closed.join()
        var full = LineFixture(capacity: 1)
        try full.join(source: .code)
        #expect(throws: QueueError.queueFull(limit: 1)) { try full.join(source: .code) }
        try full.join()
    }

    @Test("numbers start from 1 on a new day and never go back")
    func numbers() {
        var queue = LineFixture().queue
        let day = LocalDay(daysSinceEpoch: 20_000)
        let numbers = [day, day, day.advanced(by: 1), day, day.advanced(by: 1)].map { queue.takeNumber(on: $0) }
        #expect(numbers.map(\.value) == [1, 2, 1, 2, 3])
        #expect(Set(numbers).count == 5)
    }

    @Test("tickets are called in the order of their places, and an urgent one first")
    func order() throws {
        var line = LineFixture()
        let (first, second) = (try line.join(), try line.join())
        let urgent = try line.join(.urgent)
        #expect(try line.callNext() == urgent)
        #expect(try line.callNext(1) == first)
        #expect(try line.callNext() == second)
        #expect(line.status(urgent) == .finished)
        #expect(try line.callNext() == nil)
        #expect(line.status(second) == .finished)
    }

    @Test("a counter that is not named is the only one in service")
    func counters() throws {
        var line = LineFixture(counters: 2)
        try line.join()
        #expect(throws: QueueError.counterRequired) { try line.change { try $0.callNext(at: nil, ending: .finished) } }
        #expect(throws: QueueError.counterUnknown) {
            try line.change { try $0.callNext(at: .new(), ending: .finished) }
        }
    }

    @Test("the last call is the newest, even where the clock of the process before was ahead")
    func clocks() throws {
        let line = LineFixture()
        let earlier = RecentCall(ticket: .new(), number: 41, counter: nil, at: line.now + .seconds(6), recalls: 0)
        var present = QueueLine(
            QueueLine.Present(
                queue: line.queue, counters: line.counters, tickets: [], calls: [earlier], visits: [], version: 0),
            at: line.now)
        let newcomer = Newcomer(id: .new(at: line.now), tokenDigest: [], source: .desk)
        _ = try present.join(newcomer, open: 0, today: LocalDay(daysSinceEpoch: 20_000))
        #expect(try present.callNext(at: line.counters[0].id, ending: .finished)?.id == newcomer.id)
        #expect(present.face.calls.map(\.number) == [1, 41])
    }

    @Test("a call is repeated a few times, and the measured wait ends with the first one")
    func recalls() throws {
        var line = LineFixture()
        let ticket = try line.join()
        try line.callNext()
        let called = line.tickets[ticket]?.state.calledAt
        for _ in 0..<2 { try line.change { try $0.recall($0.ticket(ticket)) } }
        #expect(throws: QueueError.recallLimit(2)) { try line.change { try $0.recall($0.ticket(ticket)) } }
        #expect(line.tickets[ticket]?.state.calledAt == called)
        #expect(line.facts.last?.face.calls.map(\.recalls) == [2])
    }

    @Test("a patient who missed the call returns behind the next ones, three times by themselves")
    func returning() throws {
        var line = LineFixture()
        let (counter, late) = (line.counters[0].id, try line.join())
        for _ in 0..<3 { try line.join() }
        func miss() throws {
            try line.change { try $0.call($0.ticket(late), at: counter, ending: .finished) }
            try line.change { try $0.miss($0.ticket(late)) }
        }
        for _ in 0..<3 {
            try miss()
            try line.change { try $0.readmit($0.ticket(late), by: .patient) }
            #expect(line.order.firstIndex(of: late) == 2)
        }
        try miss()
        #expect(throws: QueueError.returnLimit(3)) {
            try line.change { try $0.readmit($0.ticket(late), by: .patient) }
        }
        try line.change { try $0.readmit($0.ticket(late), by: .staff) }
        #expect(line.status(late) == .waiting)
    }

    @Test("a ticket that is put aside keeps its place")
    func holding() throws {
        var line = LineFixture()
        let (first, second) = (try line.join(), try line.join())
        try line.change { try $0.hold($0.ticket(first)) }
        #expect(line.order == [second])
        try line.change { try $0.resume($0.ticket(first)) }
        #expect(line.order == [first, second])
    }

    @Test("a call, a no-show and the end of a visit are undone for a minute, while the counter is free")
    func undo() throws {
        var line = LineFixture()
        let (first, second) = (try line.join(), try line.join())
        try line.callNext()
        try line.change { try $0.undo($0.ticket(first), by: .staff) }
        #expect(line.order == [first, second])
        #expect(throws: QueueError.nothingToUndo) { try line.change { try $0.undo($0.ticket(first), by: .staff) } }
        try line.callNext()
        try line.change { try $0.miss($0.ticket(first)) }
        try line.change { try $0.undo($0.ticket(first), by: .staff) }
        #expect(line.status(first) == .called)
        try line.callNext()
        #expect(throws: QueueError.counterOccupied) { try line.change { try $0.undo($0.ticket(first), by: .staff) } }
        try line.change { try $0.undo($0.ticket(second), by: .staff) }
        try line.change { try $0.undo($0.ticket(first), by: .staff) }
        #expect(line.status(first) == .called)
        try line.change { try $0.finish($0.ticket(first)) }
        line.now = line.now + .seconds(60)
        #expect(throws: QueueError.undoTooLate) { try line.change { try $0.undo($0.ticket(first), by: .staff) } }
    }

    @Test("a patient undoes that they left, and nothing else")
    func undoLeaving() throws {
        var line = LineFixture()
        let (first, second) = (try line.join(), try line.join())
        try line.change { try $0.leave($0.ticket(first), by: .patient) }
        #expect(line.order == [second])
        try line.change { try $0.undo($0.ticket(first), by: .patient) }
        #expect(line.order == [first, second])
        try line.callNext()
        #expect(throws: QueueError.nothingToUndo) { try line.change { try $0.undo($0.ticket(first), by: .patient) } }
    }

    @Test("an approach is published once, and again after the ticket has gone back")
    func approaches() throws {
        var line = LineFixture(nearAt: 0)
        let tickets = try (0..<3).map { _ in try line.join() }
        #expect(!line.verbs.contains(.approached))
        try line.callNext()
        #expect(line.facts.filter { $0.verb == .approached }.compactMap(\.ticket?.id) == [tickets[1]])
        try line.change { try $0.delay($0.ticket(tickets[1])) }
        #expect(line.facts.filter { $0.verb == .approached }.compactMap(\.ticket?.id) == [tickets[1], tickets[2]])
    }

    @Test("the end of the day finishes visits and lets all others leave")
    func endOfDay() throws {
        var line = LineFixture()
        let tickets = try (0..<4).map { _ in try line.join() }
        try line.callNext()
        try line.change { try $0.hold($0.ticket(tickets[2])) }
        line.change { $0.endDay() }
        #expect(tickets.map { line.status($0) } == [.finished, .left, .left, .left])
        #expect(line.verbs.filter { $0 == .closed }.count == 1)
    }

    @Test(
        "whatever happens, versions have no gaps, counters one ticket, and the order is that of the rule",
        arguments: 0..<12)
    func story(seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        var line = LineFixture(nearAt: random.int(0...2))
        for _ in 0..<200 {
            let ticket = line.tickets.keys.sorted().randomElement(using: &random)
            let first = line.order.first
            do {
                switch random.int(0...11) {
                case 0...3: try line.join(random.pick(TicketPriority.allCases))
                case 4, 5: #expect(try line.callNext(random.int(0...1), ending: .finished) == first)
                default:
                    guard let ticket else { continue }
                    try line.change { present in
                        let ticket = try present.ticket(ticket)
                        switch random.int(0...8) {
                        case 0: _ = try present.leave(ticket, by: .patient)
                        case 1: _ = try present.hold(ticket)
                        case 2: _ = try present.resume(ticket)
                        case 3: _ = try present.miss(ticket)
                        case 4: _ = try present.readmit(ticket, by: .staff)
                        case 5: _ = try present.delay(ticket)
                        case 6: _ = try present.prioritise(ticket, random.pick(TicketPriority.allCases))
                        case 7: _ = try present.undo(ticket, by: .staff)
                        default: _ = try present.finish(ticket)
                        }
                    }
                }
            } catch is QueueError {
                // A rule refused it, and nothing happened.
            }
            for counter in line.counters {
                let there = line.tickets.values.filter {
                    $0.state.status.isAtCounter && $0.state.counter == counter.id
                }
                #expect(there.count <= 1)
            }
        }
        #expect(line.facts.map(\.version) == Array(1...line.version))
        #expect(Set(line.tickets.values.map(\.number)).count == line.tickets.count)
    }
}
