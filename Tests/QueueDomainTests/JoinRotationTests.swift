import Primitives
import QueueDomain
import SchedulingTesting
import Testing

@Suite("The rotation of join tokens")
struct JoinRotationTests {
    @Test("a token is accepted for more than one period and at most two", arguments: 1...100)
    func acceptance(seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        let rotation = try #require(JoinRotation(minutes: random.int(5...10_000)))
        let now = Instant(seconds: Int64(random.int(1_700_000_000...1_900_000_000)))
        let period = rotation.period(at: now)
        #expect(rotation.end(of: period) > now && rotation.period(at: rotation.end(of: period)) == period + 1)
        #expect(rotation.end(of: period - 1) <= now)
        #expect(rotation.expiry(of: period) == rotation.end(of: period + 1))
        let length = rotation.expiry(of: period) - now
        #expect(length > .seconds(60 * rotation.minutes) && length <= .seconds(120 * rotation.minutes))
    }

    @Test("a period is at least five minutes and at most a leap year")
    func bounds() {
        #expect(JoinRotation(minutes: 4) == nil)
        #expect(JoinRotation(minutes: 527_041) == nil)
        #expect(JoinRotation.standard.minutes == 1440)
    }
}
