/// A value with a short textual form in ASCII that needs no escaping in JSON: a time, an id.
package protocol ShortText: CustomStringConvertible {
    /// The greatest length in bytes.
    static var textLimit: Int { get }
    func write(to writer: inout ASCIIWriter)
    /// Appends the text without creating a string, for replies that contain hundreds. A requirement, so that each type
    /// has its own specialised copy of the code below.
    func append(to bytes: inout [UInt8])
}

extension ShortText {
    package var description: String {
        String(unsafeUninitializedCapacity: Self.textLimit) { bytes in ASCIIWriter.fill(bytes, with: self) }
    }

    package func append(to bytes: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.textLimit) { text in
            bytes += UnsafeBufferPointer(rebasing: text[..<ASCIIWriter.fill(text, with: self)])
        }
    }
}

/// Writes characters, and the fixed-width fields of RFC 3339 and ISO 8601.
package struct ASCIIWriter {
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private var position = 0

    /// The number of bytes written.
    fileprivate static func fill(_ bytes: UnsafeMutableBufferPointer<UInt8>, with value: some ShortText) -> Int {
        var writer = ASCIIWriter(bytes: bytes)
        value.write(to: &writer)
        return writer.position
    }

    private init(bytes: UnsafeMutableBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func put(_ character: Unicode.Scalar) { put(UInt8(ascii: character)) }

    mutating func put(_ byte: UInt8) {
        bytes[position] = byte
        position += 1
    }

    /// `value` in decimal, padded with zeros on the left to `digits`; zero if it is negative.
    mutating func number(_ value: Int, _ digits: Int = 2) {
        var rest = max(0, value)
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

    /// Date and time in UTC, without an offset: `2026-11-20T08:30:00`, with a fraction only if it is not zero.
    mutating func dateTime(_ instant: Instant) {
        let seconds = instant.seconds
        let days = Int(seconds.flooredQuotient(by: 86_400))
        let clock = Int(seconds) - days * 86_400
        let rest = Int(instant.microseconds % 1_000_000)
        let fraction = rest < 0 ? rest + 1_000_000 : rest
        day(LocalDay(daysSinceEpoch: days))
        put("T")
        number(clock / 3_600)
        put(":")
        number(clock / 60 % 60)
        put(":")
        number(clock % 60)
        if fraction != 0 {
            put(".")
            number(fraction, 6)
        }
    }
}
