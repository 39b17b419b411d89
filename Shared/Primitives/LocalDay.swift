import Glibc

/// A day of the Gregorian calendar, without a time zone: the date on a wall calendar.
///
/// Its textual form is ISO 8601, `2026-11-20`. Years 0 to 9999 can be written.
package struct LocalDay: Hashable, Sendable {
    /// Days since 1970-01-01, negative before.
    package let daysSinceEpoch: Int

    /// From days since 1970-01-01.
    package init(daysSinceEpoch: Int) { self.daysSinceEpoch = daysSinceEpoch }

    /// Returns nil if the calendar has no such day, for example 29 February 2026, or the year is not in 0...9999.
    package init?(year: Int, month: Int, day: Int) {
        guard (0...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (Int32(year - 1900), Int32(month - 1), Int32(day))
        let seconds = timegm(&parts)
        // timegm normalises 30 February into March: then the parts differ from the input.
        guard parts.tm_mday == Int32(day) else { return nil }
        daysSinceEpoch = Int(Int64(seconds).flooredQuotient(by: 86_400))
    }

    /// Reads ISO 8601; returns nil for anything else, including impossible dates.
    package init?(_ text: some StringProtocol) {
        guard let day = DigitScanner.scan(text, { scanner in scanner.day() }) else { return nil }
        self = day
    }

    /// Year, month (1...12) and day of the month (1...31).
    package var parts: (year: Int, month: Int, day: Int) {
        // Counts from 1 March of year 0, so that a leap day is the last day of its year, in eras of 400 years.
        let days = daysSinceEpoch + 719_468
        let era = days.flooredQuotient(by: 146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        // Months from March on: five of them have 153 days.
        let month = (5 * dayOfYear + 2) / 153
        let isNextYear = month >= 10
        return (
            yearOfEra + era * 400 + (isNextYear ? 1 : 0), isNextYear ? month - 9 : month + 3,
            dayOfYear - (153 * month + 2) / 5 + 1
        )
    }

    /// The day of the week.
    package var weekday: Weekday {
        // Day 0 was a Thursday.
        let daysSinceMonday = (daysSinceEpoch + 3) % 7
        let index = daysSinceMonday < 0 ? daysSinceMonday + 7 : daysSinceMonday
        return Weekday.allCases[index]
    }
}

extension LocalDay: Strideable {
    package func distance(to other: LocalDay) -> Int { other.daysSinceEpoch - daysSinceEpoch }
    package func advanced(by days: Int) -> LocalDay { LocalDay(daysSinceEpoch: daysSinceEpoch + days) }
    package static func < (left: LocalDay, right: LocalDay) -> Bool { left.daysSinceEpoch < right.daysSinceEpoch }
}

extension LocalDay: ShortText, Codable {
    package static var textLimit: Int { 10 }
    package func write(to writer: inout ASCIIWriter) { writer.day(self) }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let day = LocalDay(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "date ISO 8601 attendue, par exemple 2026-11-20")
        }
        self = day
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
