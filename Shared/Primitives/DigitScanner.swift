/// Reads the fixed-width fields of RFC 3339 and ISO 8601. It works on contiguous bytes, because reading an agenda
/// parses instants by the thousand.
struct DigitScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    /// Returns the result of `read` on `text`; nil if it does not consume the whole text.
    static func scan<Value>(_ text: some StringProtocol, _ read: (inout DigitScanner) -> Value?) -> Value? {
        var text = String(text)
        return text.withUTF8 { bytes in
            var scanner = DigitScanner(bytes: bytes)
            guard let value = read(&scanner), scanner.position == bytes.count else { return nil }
            return value
        }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
        position += 1
        return true
    }

    mutating func number(_ digits: Int) -> Int? {
        guard bytes.count - position >= digits else { return nil }
        var value = 0
        for byte in bytes[position..<position + digits] {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        position += digits
        return value
    }

    /// A date of ten characters. Returns nil if the calendar has no such day, or if the year is outside 1900...2999:
    /// near the limits of the calendar a date could be read, but not written once an offset or a buffer is subtracted.
    mutating func day() -> LocalDay? {
        guard let year = number(4), (1900...2999).contains(year), take("-"), let month = number(2), take("-"),
            let day = number(2)
        else { return nil }
        return LocalDay(year: year, month: month, day: day)
    }

    /// Microseconds after an optional decimal point; zero if there is none. RFC 3339 does not bound the number of digits:
    /// what is finer than a microsecond is cut off.
    mutating func fraction() -> Int? {
        guard take(".") else { return 0 }
        var (value, unit) = (0, 100_000)
        guard let first = number(1) else { return nil }
        value = first * unit
        while let digit = number(1) {
            unit /= 10
            value += digit * unit
        }
        return value
    }

    /// Seconds east of UTC. ISO 8601 permits an offset without a colon, and common clients write it.
    mutating func offset() -> Int? {
        if take("Z") || take("z") { return 0 }
        let sign = take("+") ? 1 : take("-") ? -1 : 0
        guard sign != 0, let hours = number(2) else { return nil }
        _ = take(":")
        guard let minutes = number(2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}
