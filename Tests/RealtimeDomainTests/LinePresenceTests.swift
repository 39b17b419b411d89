import GuichetProtocol
import Primitives
import RealtimeDomain
import Testing

@Suite("Who is connected to a line")
struct LinePresenceTests {
    private static let now = Instant(seconds: 1_790_000_000)
    private static let tickets = (0..<3).map { _ in TicketID.new() }

    @Test("is what all processes have observed, those that have fallen silent left out")
    func union() {
        var presence = LinePresence()
        let display = DisplayID.new()
        _ = presence.observe(.init(tickets: [Self.tickets[0]]), at: Self.now)
        _ = presence.hear(.init(tickets: [Self.tickets[1]], displays: [display]), from: "b", at: Self.now)
        _ = presence.hear(.init(tickets: [Self.tickets[2]]), from: "c", at: Self.now + .seconds(30))
        #expect(presence.all == .init(tickets: Set(Self.tickets), displays: [display]))
        presence.forget(at: Self.now + LinePresence.memory)
        #expect(presence.all == .init(tickets: [Self.tickets[0], Self.tickets[2]]))
        _ = presence.hear(.init(), from: "c", at: Self.now + .seconds(41))
        #expect(presence.all == .init(tickets: [Self.tickets[0]]))
    }

    @Test("is without the listeners of processes that have ended")
    func ended() {
        var presence = LinePresence()
        _ = presence.observe(.init(tickets: [Self.tickets[0]]), at: Self.now)
        _ = presence.hear(.init(tickets: [Self.tickets[1]]), from: "b", at: Self.now)
        presence.forget(["b", "c"])
        #expect(presence.all == .init(tickets: [Self.tickets[0]]))
    }

    @Test("is announced to a process that is new to the line, and not again in answer to the same process")
    func answered() {
        var presence = LinePresence()
        let other = LinePresence.Observation(tickets: [Self.tickets[1]])
        // Without listeners there is nothing to answer.
        let answer1 = presence.hear(other, from: "b", at: Self.now)
        #expect(!answer1)
        _ = presence.observe(.init(tickets: [Self.tickets[0]]), at: Self.now)
        let answer2 = presence.hear(other, from: "b", at: Self.now)
        #expect(!answer2)
        // One that has no listeners yet only asks.
        let answer3 = presence.hear(.init(), from: "c", at: Self.now)
        #expect(answer3)
        let answer4 = presence.hear(other, from: "c", at: Self.now)
        #expect(answer4)
        let answer5 = presence.hear(other, from: "c", at: Self.now)
        #expect(!answer5)
    }

    @Test("is announced when it changes, and repeated from time to time while there is a listener")
    func announced() {
        var presence = LinePresence()
        let observation = LinePresence.Observation(tickets: [Self.tickets[0]])
        let steps: [(LinePresence.Observation, after: Duration, isAnnounced: Bool)] = [
            (.init(), .zero, true), (.init(), .zero, false), (observation, .zero, true),
            (observation, .seconds(5), false),
            (observation, LinePresence.interval, true), (.init(), .seconds(16), true), (.init(), .seconds(60), false),
        ]
        for (observed, after, isAnnounced) in steps {
            let announced = presence.observe(observed, at: Self.now + after)
            #expect(announced == isAnnounced)
        }
        // An interruption may have swallowed it.
        presence.repeatSoon()
        let repeated = presence.observe(.init(), at: Self.now + .seconds(61))
        #expect(repeated)
    }
}
