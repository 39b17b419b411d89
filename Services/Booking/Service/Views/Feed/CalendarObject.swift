import Primitives

/// An iCalendar object (RFC 5545): a list of content lines between a BEGIN and an END.
struct CalendarObject {
    private var lines: [String] = []

    /// The whole text: lines end with CRLF and are folded.
    var text: String { lines.map { Self.folded($0) + "\r\n" }.joined() }

    /// Adds a property whose value is not text: a date, a number, a keyword.
    mutating func add(_ name: String, _ value: some CustomStringConvertible) { lines.append("\(name):\(value)") }

    /// Adds a property whose value is text (section 3.3.11), escaped.
    mutating func add(_ name: String, text: String) {
        let escaped = text.replacing("\\", with: "\\\\").replacing(";", with: "\\;").replacing(",", with: "\\,")
            .replacing("\r\n", with: "\\n").replacing("\n", with: "\\n")
        lines.append("\(name):\(escaped)")
    }

    /// Adds an instant in UTC (section 3.3.5, form 2).
    mutating func add(_ name: String, _ instant: Instant) { add(name, Self.utc(instant)) }

    /// Adds a component with the properties that `body` adds.
    mutating func component(_ name: String, _ body: (inout CalendarObject) -> Void) {
        add("BEGIN", name)
        body(&self)
        add("END", name)
    }

    /// `20261120T083000Z`
    private static func utc(_ instant: Instant) -> String {
        Instant(seconds: instant.seconds).description.filter { $0 != "-" && $0 != ":" }
    }

    /// Lines of at most 75 octets, the space of a continuation included (section 3.1), never split within a character.
    private static func folded(_ line: String) -> String {
        var (text, length) = ("", 0)
        for character in line.unicodeScalars {
            let size = UTF8.width(character)
            if length + size > 75 { (text, length) = (text + "\r\n ", 1) }
            text.unicodeScalars.append(character)
            length += size
        }
        return text
    }
}
