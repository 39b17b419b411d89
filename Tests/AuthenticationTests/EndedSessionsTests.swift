import GuichetProtocol
import Primitives
import Testing

@testable import Authentication

@Suite("The sessions that have ended")
struct EndedSessionsTests {
    private let now = Instant(seconds: 1_800_000_000)

    @Test("are never more than the limit; those that end first make room")
    func bounded() {
        var ended = EndedSessions(limit: 20)
        let sessions = (1...50).map { EndedSession(.new(), until: now + .seconds($0)) }
        for session in sessions {
            ended.insert([session], at: now)
            #expect(ended.count <= 20)
            #expect(ended.contains(session.id))
        }
        #expect(!ended.contains(sessions[0].id))
    }

    @Test("are forgotten once their last token has expired")
    func expiry() {
        var ended = EndedSessions(limit: 20)
        let (first, second) = (EndedSession(.new(), endedAt: now), EndedSession(.new(), endedAt: now + .seconds(1)))
        ended.insert([first, second], at: now)
        ended.removeExpired(at: now + EndedSession.refusal)
        #expect(!ended.contains(first.id) && ended.contains(second.id))
        ended.insert([first], at: now + EndedSession.refusal)
        #expect(ended.count == 1)
    }
}
