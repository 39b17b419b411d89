/// A JSON document that is being written.
final class JSONBytes {
    /// A member or an item: its bytes, and what a nested container puts behind them once it is complete.
    struct Part {
        let key: String
        let bytes: Range<Int>
        let nested: JSONElement?
    }

    private(set) var bytes: [UInt8] = []
    /// The parts of the values that are under way, those of the innermost last.
    var parts: [Part] = []
    private var scratch: [UInt8] = []

    func write(_ value: some Encodable) throws {
        let element = JSONElement(into: self)
        try value.encode(to: element)
        try element.end()
    }

    func write(_ text: String) { bytes.append(quoted: text) }

    func write(key: String) { bytes.append(key: key) }

    /// A number or a word of JSON.
    func write(verbatim text: String) { bytes += text.utf8 }

    func append(_ character: Unicode.Scalar) { bytes.append(UInt8(ascii: character)) }

    /// Ends a value: puts its parts, written one behind the other from `start` on, into their order. Of two members with
    /// one key the later one counts.
    func arrange(from start: Int, firstPart: Int, _ bracket: Unicode.Scalar) throws {
        scratch.removeAll(keepingCapacity: true)
        for index in firstPart..<parts.count {
            let part = parts[index]
            if bracket == "}", index + 1 < parts.count, parts[index + 1].key == part.key { continue }
            if !scratch.isEmpty { scratch.append(UInt8(ascii: ",")) }
            scratch += bytes[part.bytes]
            if let nested = part.nested {
                try nested.end()
                scratch += nested.output.bytes
            }
        }
        scratch.append(UInt8(ascii: bracket))
        bytes.replaceSubrange(start..., with: scratch)
        parts.removeSubrange(firstPart...)
    }
}

extension [UInt8] {
    fileprivate mutating func append(key: String) {
        append(quoted: key)
        append(UInt8(ascii: ":"))
    }

    /// Appends a text with its quotes, and what RFC 8259 section 7 wants escaped.
    fileprivate mutating func append(quoted text: String) {
        var text = text
        append(UInt8(ascii: "\""))
        text.withUTF8 { text in
            // Whole stretches at once: hardly any text has something to escape.
            var stretch = 0
            for (index, byte) in text.enumerated() where mustBeEscaped(byte) {
                self += text[stretch..<index]
                self += escaped(byte)
                stretch = index + 1
            }
            self += text[stretch...]
        }
        append(UInt8(ascii: "\""))
    }
}

private func mustBeEscaped(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
}

private func escaped(_ byte: UInt8) -> [UInt8] {
    switch byte {
    case 0x08: Array("\\b".utf8)
    case 0x09: Array("\\t".utf8)
    case 0x0A: Array("\\n".utf8)
    case 0x0C: Array("\\f".utf8)
    case 0x0D: Array("\\r".utf8)
    case ..<0x20: Array("\\u00".utf8) + [UInt8(ascii: "0") + byte >> 4, hexDigits[Int(byte & 15)]]
    default: [UInt8(ascii: "\\"), byte]
    }
}

private let hexDigits = Array("0123456789abcdef".utf8)
