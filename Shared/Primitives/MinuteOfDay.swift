/// A wall-clock time to the minute, `00:00` to `24:00`; the last one is only valid as an end.
package struct MinuteOfDay: Hashable, Sendable {
    /// The first minute of a day.
    package static let midnight = MinuteOfDay(unchecked: 0)

    /// Minutes on the wall clock since midnight, 0...1440.
    package let minutes: Int

    /// Returns nil outside 0...1440.
    package init?(minutes: Int) {
        guard (0...1440).contains(minutes) else { return nil }
        self.minutes = minutes
    }

    /// Reads `hh:mm`; returns nil for anything else.
    package init?(_ text: some StringProtocol) {
        let read = DigitScanner.scan(text) { scanner -> Int? in
            guard let hour = scanner.number(2), scanner.take(":"), let minute = scanner.number(2), minute < 60 else {
                return nil
            }
            return hour * 60 + minute
        }
        guard let read else { return nil }
        self.init(minutes: read)
    }

    init(unchecked minutes: Int) { self.minutes = minutes }
}

extension MinuteOfDay: Comparable, ShortText, Codable {
    package static func < (left: MinuteOfDay, right: MinuteOfDay) -> Bool { left.minutes < right.minutes }

    package static var textLimit: Int { 5 }

    package func write(to writer: inout ASCIIWriter) {
        writer.number(minutes / 60)
        writer.put(":")
        writer.number(minutes % 60)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let minute = MinuteOfDay(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "heure attendue, par exemple 08:30")
        }
        self = minute
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
