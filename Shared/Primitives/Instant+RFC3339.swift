import Glibc

extension Instant: CustomStringConvertible, Codable {
    /// RFC 3339 in UTC: `2026-11-20T08:30:00Z`, with a fraction only when there is one.
    package var description: String {
        var seconds = time_t(self.seconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let fraction = microseconds - self.seconds * 1_000_000
        let date =
            "\(padded(Int(parts.tm_year) + 1900, 4))-\(padded(Int(parts.tm_mon) + 1))-\(padded(Int(parts.tm_mday)))"
        let time = "\(padded(Int(parts.tm_hour))):\(padded(Int(parts.tm_min))):\(padded(Int(parts.tm_sec)))"
        guard fraction != 0 else { return "\(date)T\(time)Z" }
        return "\(date)T\(time).\(padded(Int(fraction), 6))Z"
    }

    /// Reads RFC 3339: a date, `T`, a time to the second with at most six decimals, and an offset (`Z` or `±hh:mm`).
    /// Nil for anything else, a missing offset and impossible dates included.
    package init?(rfc3339 text: some StringProtocol) {
        var scanner = DigitScanner(text.utf8)
        guard let year = scanner.number(4), scanner.take("-"), let month = scanner.number(2), scanner.take("-"),
            let day = scanner.number(2), scanner.take("T") || scanner.take("t"),
            let hour = scanner.number(2), scanner.take(":"), let minute = scanner.number(2), scanner.take(":"),
            let second = scanner.number(2), hour < 24, minute < 60, second < 60
        else { return nil }
        guard let fraction = scanner.fraction(), let offset = scanner.offset(), scanner.isAtEnd else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (Int32(year - 1900), Int32(month - 1), Int32(day))
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (Int32(hour), Int32(minute), Int32(second))
        let seconds = timegm(&parts)
        // timegm normalises 30 February into March: then the parts no longer say what was written.
        guard parts.tm_mon == Int32(month - 1), parts.tm_mday == Int32(day) else { return nil }
        self.init(microseconds: (Int64(seconds) - Int64(offset)) * 1_000_000 + Int64(fraction))
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

/// `value` in decimal, filled with zeros on the left to `width` digits.
private func padded(_ value: Int, _ width: Int = 2) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

/// Reads the fixed-width fields of RFC 3339.
private struct DigitScanner<Bytes: Collection<UInt8>> {
    private var rest: Bytes.SubSequence

    init(_ bytes: Bytes) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let byte = rest.first, UInt32(byte) == character.value else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func number(_ digits: Int) -> Int? {
        var value = 0
        for _ in 0..<digits {
            guard let byte = rest.first, (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
            rest = rest.dropFirst()
        }
        return value
    }

    /// Microseconds after an optional point; zero when there is none.
    mutating func fraction() -> Int? {
        guard take(".") else { return 0 }
        var (value, count) = (0, 0)
        while count < 6, let digit = number(1) { (value, count) = (value * 10 + digit, count + 1) }
        guard count > 0 else { return nil }
        for _ in count..<6 { value *= 10 }
        return value
    }

    /// Seconds east of UTC.
    mutating func offset() -> Int? {
        if take("Z") || take("z") { return 0 }
        let sign = take("+") ? 1 : take("-") ? -1 : 0
        guard sign != 0, let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60 else {
            return nil
        }
        return sign * (hours * 3600 + minutes * 60)
    }
}
