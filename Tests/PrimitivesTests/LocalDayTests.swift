import Primitives
import Testing

@Suite("Days, minutes and wall clocks")
struct LocalDayTests {
    @Test(
        "a day has a number, parts and a weekday",
        arguments: [
            ("1970-01-01", 0, Weekday.thursday), ("1969-12-31", -1, .wednesday), ("1969-12-29", -3, .monday),
            ("2000-02-29", 11_016, .tuesday), ("2026-11-20", 20_777, .friday), ("1900-03-01", -25_508, .thursday),
        ])
    func days(text: String, number: Int, weekday: Weekday) throws {
        let day = try #require(LocalDay(text))
        #expect(day.daysSinceEpoch == number)
        #expect(day.weekday == weekday)
        #expect(day.description == text)
        #expect(LocalDay(year: day.parts.year, month: day.parts.month, day: day.parts.day) == day)
    }

    @Test("every day of 400 years is written and read back, one after the other")
    func roundTrip() throws {
        let first = try #require(LocalDay("1900-01-01"))
        let last = try #require(LocalDay("2299-12-31"))
        #expect(first.distance(to: last) == 146_096)
        for day in stride(from: first, through: last, by: 13) { #expect(LocalDay(day.description) == day) }
    }

    @Test(
        "text that is not a day is refused",
        arguments: ["2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "26-04-01", "2026-4-1", "2026-04-01 ", ""])
    func noDay(text: String) { #expect(LocalDay(text) == nil) }

    @Test("a minute of the day goes from 00:00 to 24:00")
    func minutes() throws {
        #expect(MinuteOfDay("00:00") == .midnight)
        #expect(try #require(MinuteOfDay("24:00")).minutes == 1440)
        #expect(try #require(MinuteOfDay("08:05")).description == "08:05")
        for text in ["24:01", "8:05", "08:60", "08.05", "08:05:00", ""] { #expect(MinuteOfDay(text) == nil) }
    }
}
