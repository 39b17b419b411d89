/// Writes the fixed-width fields of RFC 3339 and ISO 8601.
struct DigitWriter {
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private var position = 0

    /// A text of at most `capacity` bytes.
    static func text(capacity: Int, _ write: (inout DigitWriter) -> Void) -> String {
        String(unsafeUninitializedCapacity: capacity) { bytes in
            var writer = DigitWriter(bytes: bytes)
            write(&writer)
            return writer.position
        }
    }

    private init(bytes: UnsafeMutableBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func put(_ character: Unicode.Scalar) {
        bytes[position] = UInt8(ascii: character)
        position += 1
    }

    /// `value` in decimal, filled with zeros on the left to `digits`.
    mutating func number(_ value: Int, _ digits: Int = 2) {
        var rest = value
        for index in (position..<position + digits).reversed() {
            bytes[index] = 0x30 + UInt8(rest % 10)
            rest /= 10
        }
        position += digits
    }

    mutating func day(_ day: LocalDay) {
        let (year, month, dayOfMonth) = day.parts
        number(year, 4)
        put("-")
        number(month)
        put("-")
        number(dayOfMonth)
    }
}
