import Primitives
import QueueDomain
import Scheduling
import SchedulingTesting
import Testing

@Suite("The plan of a queue's opening")
struct OpeningPlanTests {
    private let paris = ZoneOffsets(
        initial: 3600,
        changes: [
            .init(at: Instant(seconds: 1_774_746_000), secondsEast: 7200),  // 2026-03-29T01:00:00Z
            .init(at: Instant(seconds: 1_792_890_000), secondsEast: 3600),  // 2026-10-25T01:00:00Z
        ])

    private func plan(_ hours: [Weekday: [(String, String)]]) throws -> OpeningPlan {
        OpeningPlan(try hours.mapValues { try day($0) })
    }

    private func day(_ hours: [(String, String)]) throws -> DayHours {
        let intervals = try hours.map(interval)
        return try #require(DayHours(intervals))
    }

    private func interval(_ opens: String, _ closes: String) throws -> OpeningInterval {
        let (start, end) = (try #require(MinuteOfDay(opens)), try #require(MinuteOfDay(closes)))
        return try #require(OpeningInterval(start, end))
    }

    private func at(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }

    @Test("it opens and closes at the hours of the weekday")
    func hours() throws {
        let zone = try #require(paris)
        let plan = try plan([.monday: [("08:00", "12:00"), ("14:00", "18:00")]])
        // 2026-06-01 is a Monday; the clinic is two hours ahead of UTC.
        #expect(try !plan.isOpen(at: at("2026-06-01T05:59:59Z"), in: zone))
        #expect(try plan.isOpen(at: at("2026-06-01T06:00:00Z"), in: zone))
        #expect(try !plan.isOpen(at: at("2026-06-01T10:00:00Z"), in: zone))
        #expect(try plan.nextChange(after: at("2026-06-01T06:00:00Z"), in: zone) == at("2026-06-01T10:00:00Z"))
        #expect(try plan.nextChange(after: at("2026-06-01T16:00:00Z"), in: zone) == at("2026-06-08T06:00:00Z"))
    }

    @Test("an opening across midnight has no change at midnight")
    func midnight() throws {
        let zone = try #require(paris)
        let plan = try plan([.monday: [("20:00", "24:00")], .tuesday: [("00:00", "02:00")]])
        #expect(try plan.nextChange(after: at("2026-06-01T18:00:00Z"), in: zone) == at("2026-06-02T00:00:00Z"))
        #expect(try plan.isOpen(at: at("2026-06-01T22:00:00Z"), in: zone))
    }

    @Test("a plan that is always open, or always closed, has no change")
    func constant() throws {
        let zone = try #require(paris)
        let always = try plan(Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, [("00:00", "24:00")]) }))
        let never = OpeningPlan([.monday: .closed])
        let now = try at("2026-03-28T12:00:00Z")
        #expect(always.isOpen(at: now, in: zone) && always.nextChange(after: now, in: zone) == nil)
        #expect(!never.isOpen(at: now, in: zone) && never.nextChange(after: now, in: zone) == nil)
    }

    @Test("the day ends at one time every day, also when the clock changes")
    func dayEnds() throws {
        let zone = try #require(paris)
        let plan = OpeningPlan([:], dayEnd: MinuteOfDay("20:00"))
        #expect(try plan.nextDayEnd(after: at("2026-03-28T18:59:00Z"), in: zone) == at("2026-03-28T19:00:00Z"))
        #expect(try plan.nextDayEnd(after: at("2026-03-28T19:00:00Z"), in: zone) == at("2026-03-29T18:00:00Z"))
        let midnight = OpeningPlan([:], dayEnd: MinuteOfDay("24:00"))
        #expect(try midnight.nextDayEnd(after: at("2026-06-01T12:00:00Z"), in: zone) == at("2026-06-01T22:00:00Z"))
        #expect(try midnight.nextDayEnd(after: at("2026-06-01T22:00:00Z"), in: zone) == at("2026-06-02T22:00:00Z"))
        #expect(try OpeningPlan([:]).nextDayEnd(after: at("2026-06-01T12:00:00Z"), in: zone) == nil)
    }

    @Test("every change is one, and there is none in between, also when the clock changes", arguments: 1...60)
    func changes(seed: Int) throws {
        let zone = try #require(paris)
        var random = SeededGenerator(seed: seed)
        var week: [Weekday: [(String, String)]] = [:]
        for weekday in Weekday.allCases where !random.once(in: 3) {
            let opens = random.int(0...20)
            let closes = random.int(opens + 1...24)
            week[weekday] = [(Self.hour(opens), Self.hour(closes))]
        }
        let plan = try plan(week)
        var now = try random.pick([at("2026-03-26T07:13:00Z"), at("2026-10-22T19:48:00Z")])
        for _ in 0..<12 {
            guard let next = plan.nextChange(after: now, in: zone) else { break }
            let isOpen = plan.isOpen(at: now, in: zone)
            #expect(next > now)
            #expect(plan.isOpen(at: next, in: zone) != isOpen)
            var minute = now
            while minute < next {
                #expect(plan.isOpen(at: minute, in: zone) == isOpen)
                minute = minute + .seconds(60 * random.int(7...90))
            }
            #expect(plan.isOpen(at: next - .seconds(1), in: zone) == isOpen)
            now = next
        }
    }

    private static func hour(_ hour: Int) -> String { hour < 10 ? "0\(hour):00" : "\(hour):00" }
}
