import Primitives
import Testing

@Suite("Instants")
struct InstantTests {
    @Test(
        "are read with any offset and written in UTC",
        arguments: [
            ("2026-11-20T09:30:00+01:00", "2026-11-20T08:30:00Z"),
            ("2026-11-20T08:30:00Z", "2026-11-20T08:30:00Z"),
            ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500000Z"),
            ("2024-02-29T00:00:00-03:30", "2024-02-29T03:30:00Z"),
            ("2026-11-20T09:30:00+0100", "2026-11-20T08:30:00Z"),
        ])
    func reading(text: String, utc: String) throws {
        #expect(try #require(Instant(rfc3339: text)).description == utc)
    }

    @Test(
        "have fractions of a second of any length, of which microseconds are kept",
        arguments: [
            ("09:00:00.0000000Z", "09:00:00Z"), ("09:00:00.123456789Z", "09:00:00.123456Z"),
            ("09:00:00.9999999+00:00", "09:00:00.999999Z"), ("09:00:00.5Z", "09:00:00.500000Z"),
            ("09:00:00.\(String(repeating: "0", count: 300))1Z", "09:00:00Z"),
        ])
    func fractions(time: String, kept: String) throws {
        #expect(try #require(Instant(rfc3339: "2027-01-12T\(time)")).description == "2027-01-12T\(kept)")
    }

    @Test(
        "without an offset, out of range or with anything after them are refused",
        arguments: [
            "2026-11-20T09:30:00", "2026-11-20", "2026-02-30T09:30:00Z", "2026-13-01T00:00:00Z", "2026-11-20T24:00:00Z",
            "2026-11-20T09:30:00Z ", "2026-11-20T09:30:00.Z", "2026-11-20 09:30:00Z", "2026-11-20T09:30:00+01",
            "2026-11-20T09:30:00+1:00", "",
        ])
    func refusing(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test(
        "the ends of the calendar are not read: with an offset or a buffer they could not be written",
        arguments: [
            "0000-01-01T00:00:00+01:00", "0001-01-01T00:00:00Z", "1899-12-31T23:59:59Z", "9999-12-31T23:59:59Z",
        ])
    func ends(_ text: String) {
        #expect(Instant(rfc3339: text) == nil)
        #expect(LocalDay(String(text.prefix(10))) == nil)
    }

    @Test("arithmetic ends at the last instant, and each can be written")
    func bounds() {
        #expect(Instant(seconds: .max) + .seconds(10) == Instant(microseconds: .max))
        #expect(Instant(seconds: .min) - .seconds(10) == Instant(microseconds: .min))
        #expect(Instant(microseconds: 5) + .seconds(Int64.max) == Instant(microseconds: .max))
        #expect(Instant(microseconds: .max) - Instant(microseconds: .min) == .microseconds(Int64.max))
        for instant in [Instant(microseconds: .min), Instant(microseconds: .max), Instant(seconds: -62_200_000_000)] {
            #expect(instant.description.hasSuffix("Z"))
        }
    }

    @Test("move by durations")
    func arithmetic() {
        let start = Instant(seconds: 1_000)
        #expect((start + .milliseconds(1_500)).microseconds == 1_001_500_000)
        #expect((start - .seconds(1)).seconds == 999)
        #expect((start + .minutes(2)) - start == .seconds(120))
    }
}

extension Duration {
    static func minutes(_ count: Int) -> Duration { .seconds(60 * count) }
}
