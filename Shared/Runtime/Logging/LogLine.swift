import Primitives

/// One line of the log: a JSON object and a line feed. It stays one line whatever the values contain.
struct LogLine {
    /// The longest string value in UTF-8 bytes; longer ones are cut off.
    static let maximumValueLength = 4096

    private(set) var text = "{"

    init(at instant: Instant) {
        string("timestamp", Self.timestamp(instant))
    }

    mutating func string(_ key: String, _ value: String) {
        member(key)
        text.appendQuoted(value)
    }

    mutating func value(_ key: String, _ value: any CustomStringConvertible) {
        switch value {
        case let duration as Duration: number(key, duration / .milliseconds(1))
        case let number as Double: self.number(key, number)
        case is any BinaryInteger, is Bool:
            member(key)
            text += value.description
        default: string(key, value.description)
        }
    }

    mutating func close() { text += "}\n" }

    /// JSON has no infinity; more than three decimals carry no information.
    private mutating func number(_ key: String, _ value: Double) {
        guard value.isFinite else { return string(key, value.description) }
        member(key)
        text += ((value * 1000).rounded() / 1000).description
    }

    private mutating func member(_ key: String) {
        if text.utf8.count > 1 { text += "," }
        text.appendQuoted(key)
        text += ":"
    }

    /// RFC 3339 in UTC with exactly three decimals, so that lines sort as text.
    private static func timestamp(_ instant: Instant) -> String {
        let second = Instant(seconds: instant.seconds)
        let milliseconds = (instant - second) / .milliseconds(1)
        let decimals = String(Int(milliseconds) + 1000).dropFirst()
        return "\(second.description.dropLast()).\(decimals)Z"
    }
}

extension String {
    /// Appends `value` as a JSON string (RFC 8259 section 7). Beyond what JSON requires, it escapes everything that a
    /// reader could take for the end of a line or a terminal command.
    fileprivate mutating func appendQuoted(_ value: String) {
        append("\"")
        defer { append("\"") }
        // Nearly every value needs no escaping and is appended whole.
        if value.isPlain { return append(value) }
        var length = 0
        for scalar in value.unicodeScalars {
            length += UTF8.width(scalar)
            guard length <= LogLine.maximumValueLength else {
                append("…")
                break
            }
            switch scalar {
            case "\"": append("\\\"")
            case "\\": append("\\\\")
            case "\n": append("\\n")
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}"..."\u{2029}":
                let digits = String(scalar.value, radix: 16)
                append("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits)
            default: unicodeScalars.append(scalar)
            }
        }
    }

    /// Printable ASCII without quotes and backslashes, not longer than a value may be.
    private var isPlain: Bool {
        utf8.count <= LogLine.maximumValueLength
            && utf8.allSatisfy {
                (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
            }
    }
}
