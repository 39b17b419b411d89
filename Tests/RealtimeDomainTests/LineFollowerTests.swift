import GuichetProtocol
import Primitives
import RealtimeDomain
import SchedulingTesting
import Testing

@Suite("Following a line")
struct LineFollowerTests {
    private static let now = Instant(seconds: 1_790_000_000)

    @Test("ends with what Queue would report, whatever the order and the number of deliveries", arguments: 0..<30)
    func disorder(seed: Int) {
        var random = SeededGenerator(seed: seed)
        let before = Story(seed: seed, events: 20)
        let story = Story(seed: seed, events: 60)
        var follower = LineFollower()
        var told: [LineVersion] = []
        // Some arrive before the report, some twice, each at most a few places from its own.
        var deliveries = story.changes.suffix(45) + story.changes.suffix(5)
        for place in deliveries.indices.dropLast(3) where random.once(in: 3) {
            deliveries.swapAt(place, place + random.int(1...3))
        }
        for change in deliveries.prefix(10) { told += follower.take(change).map(\.version) }
        #expect(told.isEmpty)
        told += follower.take(before.report(of: story), at: Self.now).map(\.version)
        for change in deliveries.dropFirst(10) { told += follower.take(change).map(\.version) }
        #expect(told == (21...60).map { LineVersion($0) })
        #expect(!follower.needsReport)
        expect(follower.state, is: story)
    }

    @Test("needs a report while an event is missing, and goes on after it")
    func gap() {
        let story = Story(seed: 1, events: 30)
        var follower = LineFollower()
        #expect(follower.needsReport)
        _ = follower.take(Story(seed: 1, events: 10).report(of: story), at: Self.now)
        #expect(!follower.needsReport)
        for change in story.changes[11...] {
            let told = follower.take(change)
            #expect(told.isEmpty)
        }
        #expect(follower.needsReport)
        let told = follower.take(Story(seed: 1, events: 15).report(of: story), at: Self.now)
        #expect(told.map(\.version.number) == Array(16...30))
        #expect(!follower.needsReport)
        expect(follower.state, is: story)
    }

    @Test("is resolved from doubt by a report, even one that is older than what it knows")
    func doubt() {
        let story = Story(seed: 2, events: 30)
        var follower = LineFollower()
        _ = follower.take(Story(seed: 2, events: 10).report(of: story), at: Self.now)
        follower.doubt()
        #expect(follower.needsReport)
        for change in story.changes[10...] { _ = follower.take(change) }
        #expect(follower.needsReport)
        let told = follower.take(Story(seed: 2, events: 20).report(of: story), at: Self.now)
        #expect(told.isEmpty)
        #expect(!follower.needsReport)
        expect(follower.state, is: story)
    }

    @Test("keeps a bounded number of events that arrive early")
    func bounded() {
        let story = Story(seed: 3, events: LineFollower.earlyLimit + 100)
        var follower = LineFollower()
        for change in story.changes { _ = follower.take(change) }
        let told = follower.take(LineReport(line: story.line, tickets: [], version: LineVersion(0)), at: Self.now)
        #expect(told.count == LineFollower.earlyLimit)
        #expect(!follower.needsReport)
    }

    @Test("begins again when a restore of Queue begins a new generation of numbers")
    func restored() {
        let story = Story(seed: 4, events: 20)
        var follower = LineFollower()
        _ = follower.take(story.report, at: Self.now)
        let change = LineChange(
            .changed, line: story.line, ticket: nil, version: LineVersion(11, generation: 2), at: Self.now)
        let early = follower.take(change)
        #expect(early.isEmpty && follower.needsReport)
        let report = LineReport(line: story.line, tickets: [], version: LineVersion(10, generation: 2))
        let told = follower.take(report, at: Self.now)
        #expect(told == [change])
        #expect(follower.state?.waiting == 0)
        // What the old generation still publishes is not believed.
        let old = follower.take(story.changes[19])
        #expect(old.isEmpty && !follower.needsReport)
    }

    private func expect(_ state: LineState?, is story: Story) {
        let expected = story.tickets.values.filter { !$0.hasEnded }
        #expect(Set(state?.contents ?? []) == Set(expected))
        let order = expected.filter { $0.status == "waiting" }.sorted { ($0.place, $0.id) < ($1.place, $1.id) }
        #expect(state?.next(.max).map(\.id) == order.map(\.id))
        for (rank, ticket) in order.enumerated() {
            #expect(state?.rank(of: ticket.id) == rank)
            #expect(state?.ticket(ofHolder: ticket.tokenDigest) == ticket)
        }
    }
}

extension Story {
    /// The report of this beginning of a longer story: ids are new in each one.
    fileprivate func report(of story: Story) -> LineReport {
        var tickets: [TicketID: TicketSnapshot] = [:]
        for change in story.changes.prefix(changes.count) {
            if let ticket = change.ticket { tickets[ticket.id] = ticket }
        }
        return LineReport(
            line: story.line, tickets: tickets.values.filter { !$0.hasEnded }, version: LineVersion(changes.count))
    }
}
