/// A day of the Gregorian calendar, without a time zone: what a wall calendar shows.
///
/// Its textual form is ISO 8601, `2026-11-20`. Years 0 to 9999 can be written.
package struct LocalDay: Hashable, Sendable {
    /// Days since 1970-01-01, negative before.
    package let daysSinceEpoch: Int

    /// From days since 1970-01-01.
    package init(daysSinceEpoch: Int) { self.daysSinceEpoch = daysSinceEpoch }

    /// Nil when the calendar has no such day, 29 February 2026 for example, or the year is not in 0...9999.
    package init?(year: Int, month: Int, day: Int) {
        guard (0...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        self = LocalDay(normalizing: year, month, day)
        // 30 February is a day of March: then the parts no longer say what was written.
        guard parts.day == day else { return nil }
    }

    /// Counts in years that begin in March and in eras of 400 of them, so that a leap day is the last of its year (the
    /// algorithm of H. Hinnant, "chrono-compatible low-level date algorithms").
    private init(normalizing year: Int, _ month: Int, _ day: Int) {
        let marchYear = month > 2 ? year : year - 1
        let era = marchYear.flooredQuotient(by: 400)
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        daysSinceEpoch = era * 146_097 + dayOfEra - 719_468
    }

    /// Reads ISO 8601; nil for anything else, impossible dates included.
    package init?(_ text: some StringProtocol) {
        guard let day = DigitScanner.scan(text, { scanner in scanner.day() }) else { return nil }
        self = day
    }

    /// Year, month (1...12) and day of the month (1...31).
    package var parts: (year: Int, month: Int, day: Int) {
        let daysSinceEra = daysSinceEpoch + 719_468
        let era = daysSinceEra.flooredQuotient(by: 146_097)
        let dayOfEra = daysSinceEra - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month > 2 ? 0 : 1)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
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

extension LocalDay: CustomStringConvertible, Codable {
    package var description: String { DigitWriter.text(capacity: 10) { writer in writer.day(self) } }

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
