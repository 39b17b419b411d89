import IdentityDomain
import Primitives
import Testing

@Suite("What a refresh token is worth")
struct RefreshPolicyTests {
    private let now = Instant(seconds: 1_800_000_000)

    private func verdict(
        _ number: Int, latest: Int, usedAgo: Duration? = nil, endsIn: Duration? = .seconds(60)
    ) -> RefreshPolicy.Verdict {
        RefreshPolicy.verdict(
            on: number, latest: latest, usedAt: usedAgo.map { now - $0 }, endsAt: endsIn.map { now + $0 }, at: now)
    }

    @Test("the latest is exchanged for the next")
    func latest() { #expect(verdict(3, latest: 3) == .rotate) }

    @Test("its predecessor still counts for ten seconds, for a client that lost the answer")
    func grace() {
        #expect(verdict(2, latest: 3, usedAgo: .zero) == .repeatSuccessor)
        #expect(verdict(2, latest: 3, usedAgo: .seconds(10)) == .repeatSuccessor)
        #expect(verdict(2, latest: 3, usedAgo: .milliseconds(10_001)) == .reused)
    }

    @Test("not when its successor was used")
    func successorUsed() { #expect(verdict(2, latest: 4, usedAgo: .seconds(1)) == .reused) }

    @Test("nothing counts in a session that is over")
    func over() {
        #expect(verdict(3, latest: 3, endsIn: .zero) == .ended)
        #expect(verdict(3, latest: 3, endsIn: nil) == .ended)
        #expect(verdict(1, latest: 3, usedAgo: .seconds(60), endsIn: nil) == .ended)
    }
}

@Suite("The life of signing keys")
struct KeyScheduleTests {
    private let schedule = KeySchedule(
        activationDelay: .seconds(600), lifetime: .seconds(86_400), tail: .seconds(960))
    private let start = Instant(seconds: 1_800_000_000)

    @Test("the first key signs at once, a later one after the delay")
    func activation() {
        #expect(schedule.activation(ofKeyMadeAt: start, isFirst: true) == start)
        #expect(schedule.activation(ofKeyMadeAt: start, isFirst: false) == start + .seconds(600))
    }

    @Test("the old key signs until the new one is active, and is accepted until its last token is over")
    func succession() {
        let activation = start + .seconds(600)
        let expiry = schedule.expiry(ofPredecessorsOf: activation)
        let keys = [
            KeySchedule.Key(id: "old", activeAt: start, expiresAt: expiry),
            KeySchedule.Key(id: "new", activeAt: activation, expiresAt: nil),
        ]
        func signer(at instant: Instant) -> String? { KeySchedule.signingKey(among: keys, at: instant)?.id }
        #expect(signer(at: start) == "old")
        #expect(signer(at: activation - .microseconds(1)) == "old")
        #expect(signer(at: activation) == "new")
        // A token of the last moment lives 900 s and clocks may be 30 s apart.
        #expect(keys[0].isAccepted(at: activation + .seconds(930)))
        #expect(!keys[0].isAccepted(at: expiry))
    }

    @Test("a key is due for replacement when it has signed for its lifetime")
    func due() {
        let key = KeySchedule.Key(id: "k", activeAt: start, expiresAt: nil)
        #expect(schedule.isRotationDue([], at: start))
        #expect(!schedule.isRotationDue([key], at: start + .seconds(86_399)))
        #expect(schedule.isRotationDue([key], at: start + .seconds(86_400)))
    }
}
