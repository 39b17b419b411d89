package import FoundationEssentials
package import Primitives

/// A value that can be bound to a parameter.
package protocol PostgresEncodable {
    /// The value in PostgreSQL's text format.
    var postgresText: String { get }
}

/// A value that can be read from a column.
package protocol PostgresDecodable {
    /// Reads PostgreSQL's text format; returns nil if the text is not such a value.
    init?(postgresText: String)
}

/// A value that can be both bound and read.
package typealias PostgresValue = PostgresEncodable & PostgresDecodable

extension String: PostgresValue {
    package init?(postgresText: String) { self = postgresText }
    package var postgresText: String { self }
}

extension PostgresEncodable where Self: FixedWidthInteger {
    package var postgresText: String { String(self) }
}

extension PostgresDecodable where Self: FixedWidthInteger {
    package init?(postgresText: String) { self.init(postgresText, radix: 10) }
}

extension Int: PostgresValue {}
extension Int64: PostgresValue {}
extension Int32: PostgresValue {}

extension Bool: PostgresValue {
    package init?(postgresText: String) { self = postgresText == "t" }
    package var postgresText: String { self ? "t" : "f" }
}

extension UUID: PostgresValue {
    package init?(postgresText: String) { self.init(text: postgresText) }
    package var postgresText: String { text }
}

extension Identifier: PostgresValue {
    package init?(postgresText: String) { self.init(postgresText) }
    package var postgresText: String { description }
}

extension TenantSlug: PostgresValue {
    package init?(postgresText: String) { self.init(postgresText) }
    package var postgresText: String { description }
}

/// `timestamptz`; sessions run in UTC, so the server writes `2026-11-20 08:30:00.5+00`.
extension Instant: PostgresValue {
    package init?(postgresText: String) {
        var bytes = Array(postgresText.utf8)
        guard bytes.count > 13, bytes[10] == UInt8(ascii: " "), bytes.suffix(3).elementsEqual("+00".utf8) else {
            return nil
        }
        bytes[10] = UInt8(ascii: "T")
        bytes.replaceSubrange((bytes.count - 3)..., with: CollectionOfOne(UInt8(ascii: "Z")))
        self.init(rfc3339: String(decoding: bytes, as: UTF8.self))
    }

    package var postgresText: String { description }
}

/// Bytes are sent as `bytea` in hexadecimal, other elements as PostgreSQL arrays.
extension Array: PostgresEncodable where Element: PostgresArrayElement {
    package var postgresText: String { Element.postgresArray(self) }
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
    package init?(postgresText: String) {
        guard let elements = Element.elements(of: postgresText) else { return nil }
        self = elements
    }
}

/// An element type whose arrays can be bound: bytes as `bytea`, others as PostgreSQL arrays.
package protocol PostgresArrayElement {
    /// The whole array in text format.
    static func postgresArray(_ elements: [Self]) -> String
    /// The elements of an array in text format; nil if it is not an array.
    static func elements(of postgresText: String) -> [Self]?
}

extension UInt8: PostgresArrayElement {
    package static func postgresArray(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: 2 + bytes.count * 2) { text in
            (text[0], text[1]) = (UInt8(ascii: "\\"), UInt8(ascii: "x"))
            for (index, byte) in bytes.enumerated() {
                text[2 + index * 2] = hexadecimalDigit(byte >> 4)
                text[3 + index * 2] = hexadecimalDigit(byte & 15)
            }
            return 2 + bytes.count * 2
        }
    }

    package static func elements(of postgresText: String) -> [UInt8]? {
        var text = postgresText
        return text.withUTF8 { text in
            guard text.starts(with: "\\x".utf8), text.count.isMultiple(of: 2) else { return nil }
            var bytes: [UInt8] = []
            bytes.reserveCapacity(text.count / 2 - 1)
            for index in stride(from: 2, to: text.count, by: 2) {
                guard let high = hexadecimalValue(text[index]), let low = hexadecimalValue(text[index + 1]) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            }
            return bytes
        }
    }
}

private func hexadecimalDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

private func hexadecimalValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x41...0x46: digit - 0x37
    case 0x61...0x66: digit - 0x57
    default: nil
    }
}

extension PostgresArrayElement where Self: PostgresEncodable & PostgresDecodable {
    package static func postgresArray(_ elements: [Self]) -> String {
        var array: [UInt8] = [UInt8(ascii: "{")]
        for element in elements {
            if array.count > 1 { array.append(UInt8(ascii: ",")) }
            array.append(UInt8(ascii: "\""))
            for byte in element.postgresText.utf8 {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { array.append(UInt8(ascii: "\\")) }
                array.append(byte)
            }
            array.append(UInt8(ascii: "\""))
        }
        array.append(UInt8(ascii: "}"))
        return String(decoding: array, as: UTF8.self)
    }

    package static func elements(of postgresText: String) -> [Self]? {
        guard postgresText.hasPrefix("{"), postgresText.hasSuffix("}") else { return nil }
        var texts: [String] = []
        var current = ""
        var (isQuoted, isEscaped, hasElement) = (false, false, false)
        for character in postgresText.dropFirst().dropLast() {
            hasElement = true
            switch character {
            case _ where isEscaped: (current, isEscaped) = (current + String(character), false)
            case "\\": isEscaped = true
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: (texts, current) = (texts + [current], "")
            default: current.append(character)
            }
        }
        if hasElement { texts.append(current) }
        let values = texts.compactMap(Self.init(postgresText:))
        return values.count == texts.count ? values : nil
    }
}

extension String: PostgresArrayElement {}
extension Int: PostgresArrayElement {}
extension UUID: PostgresArrayElement {}
extension Identifier: PostgresArrayElement {}
extension Instant: PostgresArrayElement {}
