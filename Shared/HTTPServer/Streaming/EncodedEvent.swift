/// A server-sent event (WHATWG HTML section 9.2), encoded once: its bytes are shared by all streams that send it.
package struct EncodedEvent: Sendable {
    /// The event as it is sent.
    let bytes: [UInt8]

    /// Encodes an event.
    ///
    /// - Parameters:
    ///   - name: what clients listen for; `message` if nil.
    ///   - id: what a client sends as `Last-Event-ID` when it comes back; nil leaves its last one as it is.
    ///   - data: UTF-8 text. Its lines are sent one by one, and the client joins them by LF.
    package init(_ name: String? = nil, id: String? = nil, data: [UInt8]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(data.count + 64)
        if let name { bytes += Self.field("event", name) }
        if let id { bytes += Self.field("id", id) }
        for line in Self.lines(of: data) { bytes += Self.dataPrefix + line + [0x0A] }
        self.bytes = bytes + [0x0A]
    }

    /// An event with text as its data.
    package init(_ name: String? = nil, id: String? = nil, text: String) {
        self.init(name, id: id, data: Array(text.utf8))
    }

    private static let dataPrefix = Array("data: ".utf8)

    /// CR, LF and CR LF each end a line.
    private static func lines(of text: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var (start, position) = (0, 0)
        while position < text.count {
            let byte = text[position]
            position += 1
            guard byte == 0x0A || byte == 0x0D else { continue }
            lines.append(text[start..<position - 1])
            if byte == 0x0D, position < text.count, text[position] == 0x0A { position += 1 }
            start = position
        }
        return lines + [text[start...]]
    }

    private static func field(_ name: String, _ value: String) -> [UInt8] {
        precondition(value.utf8.allSatisfy { $0 >= 0x20 }, "a field of an event is one line: \(name)")
        return Array("\(name): \(value)\n".utf8)
    }
}
