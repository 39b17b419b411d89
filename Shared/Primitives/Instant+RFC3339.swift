extension Instant: ShortText, Codable {
    package static var textLimit: Int { 27 }

    /// RFC 3339 in UTC: `2026-11-20T08:30:00Z`, with a fraction only if it is not zero.
    package func write(to writer: inout ASCIIWriter) {
        writer.dateTime(self)
        writer.put("Z")
    }

    /// Reads RFC 3339: a date, `T`, a time to the second or finer, and an offset (`Z`, `±hh:mm`, or
    /// `±hhmm` of ISO 8601). Returns nil for anything else, including a missing offset and impossible dates. Fractions of
    /// a microsecond are cut off.
    package init?(rfc3339 text: some StringProtocol) {
        let read = DigitScanner.scan(text) { scanner -> Int64? in
            guard let day = scanner.day(), scanner.take("T") || scanner.take("t"),
                let hour = scanner.number(2), scanner.take(":"), let minute = scanner.number(2), scanner.take(":"),
                let second = scanner.number(2), hour < 24, minute < 60, second < 60,
                let fraction = scanner.fraction(), let offset = scanner.offset()
            else { return nil }
            let seconds = day.daysSinceEpoch * 86_400 + hour * 3_600 + minute * 60 + second
            return Int64(seconds - offset) * 1_000_000 + Int64(fraction)
        }
        guard let read else { return nil }
        self.init(microseconds: read)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let instant = Instant(rfc3339: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "date ISO 8601 avec décalage attendue, par exemple 2026-11-20T09:30:00+01:00")
        }
        self = instant
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
