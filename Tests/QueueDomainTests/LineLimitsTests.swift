import Primitives
import QueueDomain
import Testing

@Suite("The limits of a line")
struct LineLimitsTests {
    private let now = Instant(seconds: 1_780_300_800)

    @Test("are exceeded by more people, or by a longer wait")
    func exceeded() throws {
        let limits = try #require(LineLimits(waiting: 10, waitMinutes: 45))
        #expect(limits.exceeded(waiting: 10, since: now - .seconds(2700), at: now) == [])
        #expect(limits.exceeded(waiting: 11, since: now, at: now) == [.waiting])
        #expect(limits.exceeded(waiting: 1, since: now - .seconds(2701), at: now) == [.wait])
        #expect(limits.exceeded(waiting: 0, since: nil, at: now) == [])
        #expect(LineLimits.none.exceeded(waiting: 1000, since: Instant(seconds: 0), at: now) == [])
    }

    @Test("have bounds")
    func bounds() {
        #expect(LineLimits(waiting: 0, waitMinutes: nil) == nil)
        #expect(LineLimits(waiting: nil, waitMinutes: 601) == nil)
    }
}
