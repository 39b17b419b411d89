import Primitives
import Testing

@Suite("Offsets of a zone")
struct ZoneOffsetsTests {
    private let paris = ZoneOffsets(
        initial: 3600,
        changes: [
            ("2026-03-29T01:00:00Z", 7200), ("2026-10-25T01:00:00Z", 3600),
        ].compactMap { text, seconds in
            Instant(rfc3339: text).map { ZoneOffsets.Change(at: $0, secondsEast: seconds) }
        })

    @Test(
        "a wall-clock time means its first occurrence, or nothing if the clock skips it",
        arguments: [
            ("2026-03-29", "01:59", "2026-03-29T00:59:00Z", "2026-03-29T00:59:00Z"),
            ("2026-03-29", "02:00", nil, "2026-03-29T01:00:00Z"),
            ("2026-03-29", "02:59", nil, "2026-03-29T01:00:00Z"),
            ("2026-03-29", "03:00", "2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z"),
            ("2026-10-25", "02:30", "2026-10-25T00:30:00Z", "2026-10-25T00:30:00Z"),
            ("2026-10-25", "03:00", "2026-10-25T02:00:00Z", "2026-10-25T02:00:00Z"),
            ("2026-10-24", "24:00", "2026-10-24T22:00:00Z", "2026-10-24T22:00:00Z"),
            ("2026-12-31", "24:00", "2026-12-31T23:00:00Z", "2026-12-31T23:00:00Z"),
        ])
    func conversion(day: String, minute: String, exact: String?, first: String) throws {
        let zone = try #require(paris)
        let day = try #require(LocalDay(day))
        let minute = try #require(MinuteOfDay(minute))
        #expect(zone.instant(day, minute) == exact.flatMap { Instant(rfc3339: $0) })
        #expect(zone.firstInstant(day, minute) == Instant(rfc3339: first))
    }

    @Test(
        "an instant is shown with the offset in force",
        arguments: [
            ("2026-03-29T00:59:59Z", "2026-03-29", "01:59"), ("2026-03-29T01:00:00Z", "2026-03-29", "03:00"),
            ("2026-10-25T00:59:00Z", "2026-10-25", "02:59"), ("2026-10-25T01:00:00Z", "2026-10-25", "02:00"),
            ("2026-12-31T23:00:00Z", "2027-01-01", "00:00"), ("1969-12-31T22:59:00Z", "1969-12-31", "23:59"),
        ])
    func showing(instant: String, day: String, minute: String) throws {
        let zone = try #require(paris)
        let shown = zone.local(try #require(Instant(rfc3339: instant)))
        #expect(shown.day == LocalDay(day))
        #expect(shown.minute == MinuteOfDay(minute))
    }

    @Test(
        "a period is measured in days of the calendar",
        arguments: [
            ("2026-10-01T00:00:00+02:00", "2026-11-01T00:00:00+01:00", true),
            ("2026-10-01T00:00:00+02:00", "2026-11-01T00:01:00+01:00", false),
            ("2026-03-01T00:00:00+01:00", "2026-04-01T00:00:00+02:00", true),
            ("2026-03-01T00:00:00+01:00", "2026-04-01T00:01:00+02:00", false),
            ("2026-09-24T02:30:00+02:00", "2026-10-25T02:30:00+02:00", true),
            ("2026-09-24T02:30:00+02:00", "2026-10-25T02:30:00+01:00", true),
            ("2026-09-24T02:30:00+02:00", "2026-10-25T02:31:00+01:00", false),
        ])
    func periods(from: String, to: String, isPermitted: Bool) throws {
        let (from, to) = (try #require(Instant(rfc3339: from)), try #require(Instant(rfc3339: to)))
        #expect(try #require(paris).isPeriod(from: from, to: to, ofAtMost: 31) == isPermitted)
    }

    @Test("changes out of order or offsets of a day are refused")
    func refusing() {
        let change = ZoneOffsets.Change(at: Instant(seconds: 0), secondsEast: 3600)
        #expect(ZoneOffsets(initial: 0, changes: [change, change]) == nil)
        #expect(ZoneOffsets(initial: 86_400) == nil)
        #expect(ZoneOffsets(initial: -43_200, changes: [change]) != nil)
    }

    @Test(
        "an instant is written with the offset in force",
        arguments: [
            ("2026-03-29T00:59:59Z", "2026-03-29T01:59:59+01:00"),
            ("2026-03-29T01:00:00Z", "2026-03-29T03:00:00+02:00"),
            ("2026-10-25T01:00:00.5Z", "2026-10-25T02:00:00.500000+01:00"),
            ("2026-12-31T23:00:00Z", "2027-01-01T00:00:00+01:00"),
        ])
    func writing(utc: String, local: String) throws {
        let instant = try #require(Instant(rfc3339: utc))
        #expect(try #require(paris).dateTime(at: instant).description == local)
        #expect(Instant(rfc3339: local) == instant)
    }

    @Test("offsets west of UTC, of half hours and of seconds are written, too")
    func offsets() {
        let instant = Instant(seconds: 0)
        for (seconds, text) in [
            (-12_600, "1969-12-31T20:30:00-03:30"), (0, "1970-01-01T00:00:00+00:00"),
            (19_800, "1970-01-01T05:30:00+05:30"),
            (561, "1970-01-01T00:09:00+00:09"), (-1_200, "1969-12-31T23:40:00-00:20"),
        ] {
            let written = OffsetDateTime(instant, secondsEast: seconds).description
            #expect(written == text)
            #expect(Instant(rfc3339: written) == instant)
        }
    }
}
