/// Reads the fixed-width fields of RFC 3339 and ISO 8601. It works on bytes that lie in a row, since instants are read
/// by the thousand when an agenda is.
struct DigitScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    /// What `read` finds in `text`; nil when it leaves anything over.
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

    /// A date of ten characters; nil when it is not in the calendar, or in no year that anybody here speaks of. What is
    /// near the ends of the calendar could be read, and not written once an offset or a buffer is taken from it.
    mutating func day() -> LocalDay? {
        guard let year = number(4), (1900...2999).contains(year), take("-"), let month = number(2), take("-"),
            let day = number(2)
        else { return nil }
        return LocalDay(year: year, month: month, day: day)
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
