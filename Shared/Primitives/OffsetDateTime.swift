/// An instant with the offset of a place, for readers who do not know the place's time zone.
///
/// Its textual form is RFC 3339 on the place's clock: `2026-12-01T08:00:00+01:00`.
package struct OffsetDateTime: Hashable, Sendable {
    /// The point in time.
    package let instant: Instant
    /// How far the clock of the place is ahead of UTC, a whole number of minutes.
    package let secondsEast: Int

    /// The instant on a clock that is `secondsEast` ahead of UTC, without the seconds beyond whole minutes: RFC 3339 has
    /// no offsets of seconds.
    package init(_ instant: Instant, secondsEast: Int) {
        (self.instant, self.secondsEast) = (instant, secondsEast / 60 * 60)
    }
}

extension OffsetDateTime: ShortText, Encodable {
    package static var textLimit: Int { 32 }

    /// RFC 3339 with the offset in hours and minutes, `+00:00` for UTC.
    package func write(to writer: inout ASCIIWriter) {
        writer.dateTime(instant + .seconds(secondsEast))
        let minutes = abs(secondsEast) / 60
        writer.put(secondsEast < 0 ? "-" : "+")
        writer.number(minutes / 60)
        writer.put(":")
        writer.number(minutes % 60)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension ZoneOffsets {
    /// The instant with the offset that is in force then.
    package func dateTime(at instant: Instant) -> OffsetDateTime {
        OffsetDateTime(instant, secondsEast: secondsEast(at: instant))
    }
}
