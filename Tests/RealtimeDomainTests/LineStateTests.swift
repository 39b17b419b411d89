import GuichetProtocol
import Primitives
import RealtimeDomain
import Testing
import WaitingLine

@Suite("The state of a line")
struct LineStateTests {
    private static let now = Instant(seconds: 1_790_000_000)

    @Test("remembers a ticket that has ended until it is forgotten, and returns it when that is undone")
    func ended() throws {
        let story = Story(seed: 5, events: 3)
        var follower = LineFollower()
        _ = follower.take(story.report, at: Self.now)
        var ticket = try #require(follower.state?.next(1).first)
        let waiting = ticket
        ticket.status = "left"
        _ = follower.take(LineChange(.left, line: story.line, ticket: ticket, version: LineVersion(4), at: Self.now))
        #expect(follower.state?.ticket(ofHolder: ticket.tokenDigest)?.status == "left")
        #expect(follower.state?.rank(of: ticket.id) == nil)
        _ = follower.take(
            LineChange(.restored, line: story.line, ticket: waiting, version: LineVersion(5), at: Self.now))
        follower.forget(endedBefore: Self.now + .seconds(60))
        #expect(follower.state?.rank(of: ticket.id) == 0)
        _ = follower.take(LineChange(.left, line: story.line, ticket: ticket, version: LineVersion(6), at: Self.now))
        follower.forget(endedBefore: Self.now)
        #expect(follower.state?.ticket(ofHolder: ticket.tokenDigest) != nil)
        follower.forget(endedBefore: Self.now + .seconds(1))
        #expect(follower.state?.ticket(ofHolder: ticket.tokenDigest) == nil)
    }

    @Test("calls a ticket ended that a report no longer has")
    func endedUnnoticed() throws {
        let story = Story(seed: 6, events: 5)
        var follower = LineFollower()
        _ = follower.take(story.report, at: Self.now)
        let ticket = try #require(follower.state?.next(1).first)
        let rest = story.report.tickets.filter { $0.id != ticket.id }
        _ = follower.take(LineReport(line: story.line, tickets: rest, version: LineVersion(9)), at: Self.now)
        #expect(follower.state?.ticket(ofHolder: ticket.tokenDigest)?.status == "ended")
        #expect(follower.state?.rank(of: ticket.id) == nil)
    }

    @Test("does not know the holder of a token that was replaced")
    func replaced() throws {
        let story = Story(seed: 7, events: 3)
        var follower = LineFollower()
        _ = follower.take(story.report, at: Self.now)
        let old = try #require(follower.state?.next(1).first)
        var ticket = old
        ticket.tokenDigest = "another"
        _ = follower.take(LineChange(.changed, line: story.line, ticket: ticket, version: LineVersion(4), at: Self.now))
        #expect(follower.state?.ticket(ofHolder: old.tokenDigest) == nil)
        #expect(follower.state?.ticket(ofHolder: "another")?.id == old.id)
    }

    @Test("estimates waits by the pace of the line")
    func forecast() {
        let story = Story(seed: 8, events: 3)
        var follower = LineFollower()
        _ = follower.take(story.report, at: Self.now)
        let forecast = follower.state?.forecast(at: Self.now)
        #expect(forecast?.wait(rank: 0)?.from == 0)
        #expect(forecast?.wait(rank: 2)?.from == 20)
    }
}

@Suite("The name of a room")
struct RoomWishTests {
    @Test("is that of the specification")
    func names() throws {
        let (queue, user) = (QueueID.new(), UserID.new())
        #expect(RoomWish("clinic:\(queue)") == .staff(queue))
        #expect(RoomWish("clinic:cabinet-alger") == .clinic("cabinet-alger"))
        #expect(RoomWish("display:\(queue)") == .display(queue, token: nil))
        #expect(RoomWish("user:\(user)") == .user(user))
        #expect(RoomWish("patient:cabinet-alger.abc") == .patient(token: "cabinet-alger.abc"))
    }

    @Test(
        "is refused if it is none",
        arguments: ["", "clinic", "clinic:", "display:5", "user:x", "kitchen:1", "clinic:É"])
    func malformed(name: String) {
        #expect(RoomWish(name) == nil)
        #expect(RoomWish("patient:" + String(repeating: "a", count: RoomWish.longest)) == nil)
    }
}
