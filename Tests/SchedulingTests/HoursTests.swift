import Primitives
import Scheduling
import SchedulingTesting
import Testing

@Suite("Ranges and opening hours")
struct HoursTests {
    @Test("a range is never empty")
    func ranges() {
        let now = Instant(seconds: 0)
        #expect(TimeRange(now, now) == nil)
        #expect(TimeRange(now + .seconds(1), now) == nil)
        #expect(TimeRange(now, now + .microseconds(1)) == TimeRange(only: now))
    }

    @Test(
        "ranges that only touch do not overlap",
        arguments: [(0, 2, true), (2, 4, true), (4, 6, false), (0, 1, false), (0, 9, true), (-5, 1, false)])
    func overlap(start: Int64, end: Int64, overlaps: Bool) {
        func range(_ start: Int64, _ end: Int64) -> TimeRange {
            valid(TimeRange(Instant(seconds: start), Instant(seconds: end)))
        }
        #expect(range(1, 4).overlaps(range(start, end)) == overlaps)
        #expect(range(start, end).overlaps(range(1, 4)) == overlaps)
    }

    @Test("an interval opens before it closes, on the same day")
    func intervals() {
        #expect(OpeningInterval(valid(MinuteOfDay("20:00")), valid(MinuteOfDay("02:00"))) == nil)
        #expect(OpeningInterval(valid(MinuteOfDay("20:00")), valid(MinuteOfDay("20:00"))) == nil)
        #expect(OpeningInterval(valid(MinuteOfDay("20:00")), valid(MinuteOfDay("24:00"))) != nil)
    }

    @Test("intervals of a day are put in order; overlapping or touching ones are refused")
    func days() {
        func interval(_ opens: String, _ closes: String) -> OpeningInterval {
            valid(OpeningInterval(valid(MinuteOfDay(opens)), valid(MinuteOfDay(closes))))
        }
        let (morning, afternoon) = (interval("08:00", "12:00"), interval("14:00", "18:00"))
        #expect(DayHours([afternoon, morning])?.intervals == [morning, afternoon])
        #expect(DayHours([morning, interval("11:00", "13:00")]) == nil)
        #expect(DayHours([morning, interval("12:00", "13:00")]) == nil)
        #expect(DayHours([]) == .closed)
    }
}
