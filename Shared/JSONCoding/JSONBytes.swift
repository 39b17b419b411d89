import Primitives

/// A JSON document during encoding, written straight into bytes.
///
/// Each unfinished value has a ``Level``. Members and items are appended in sequence. When a container ends, parts that
/// were written out of key order, or filled in later, are moved to their places.
final class JSONBytes {
    /// The kind of a value and its progress.
    struct Level {
        enum Shape { case none, scalar, array, object }

        var shape = Shape.none
        /// The index of the container's first part.
        var start = 0
        var firstPart = 0
        /// True if parts must be moved at the end.
        var isOutOfOrder = false
    }

    /// A member or an item: its bytes, and the nested container that supplies more bytes once it is complete.
    struct Part {
        let key: String
        let bytes: Range<Int>
        let nested: JSONBytes?
    }

    // One value is written at a time, by one caller: the run-time's exclusivity check for each byte is unnecessary.
    @exclusivity(unchecked) private(set) var bytes: [UInt8] = []
    /// The unfinished values, the innermost last.
    @exclusivity(unchecked) private var levels: [Level] = []
    /// The parts of the unfinished containers, those of the innermost last.
    @exclusivity(unchecked) private var parts: [Part] = []

    func write(_ value: some Encodable) throws {
        let element = beginValue()
        try value.encode(to: element)
        try endValue()
    }

    func write(_ text: String) { bytes.append(quoted: text) }

    /// Writes a number, a keyword or punctuation.
    func write(verbatim text: String) { bytes += text.utf8 }

    func write(object value: some JSONWritable) {
        var object = JSONObject(appendingTo: bytes)
        // One reference to the bytes, so that they are appended to in place.
        bytes = []
        object.append(value)
        bytes = object.bytes
    }

    /// Starts a value and returns its encoder.
    func beginValue() -> JSONElement {
        levels.append(Level())
        return JSONElement(output: self, level: levels.count - 1)
    }

    /// Sets the kind of the value at a level; repeating the same kind is allowed.
    func begin(_ shape: Level.Shape, at level: Int) {
        guard levels[level].shape != shape else { return }
        precondition(levels[level].shape == .none, "a value is one thing")
        switch shape {
        case .array: bytes.append(UInt8(ascii: "["))
        case .object: bytes.append(UInt8(ascii: "{"))
        case .none, .scalar: break
        }
        levels[level] = Level(shape: shape, start: bytes.count, firstPart: parts.count)
    }

    func count(at level: Int) -> Int { parts.count - levels[level].firstPart }

    /// Writes one part of the container at a level: with a key in an object, without one in an array.
    func part(_ key: String?, at level: Int, nested: JSONBytes? = nil, _ write: (JSONBytes) throws -> Void) rethrows {
        if count(at: level) > 0 {
            bytes.append(UInt8(ascii: ","))
            if let key, let last = parts.last, key <= last.key { levels[level].isOutOfOrder = true }
        }
        if nested != nil { levels[level].isOutOfOrder = true }
        let begin = bytes.count
        if let key { bytes.append(key: key) }
        try write(self)
        parts.append(Part(key: key ?? "", bytes: begin..<bytes.count, nested: nested))
    }

    /// Ends the innermost value, which is complete.
    func endValue() throws {
        guard let level = levels.popLast(), level.shape != .none else {
            throw EncodingError.invalidValue(self, .init(codingPath: [], debugDescription: "a value encoded nothing"))
        }
        guard level.shape != .scalar else { return }
        if level.isOutOfOrder { try arrange(level) }
        parts.removeSubrange(level.firstPart...)
        bytes.append(UInt8(ascii: level.shape == .object ? "}" : "]"))
    }

    /// Moves the parts of a container into order. Of two members with one key the later one wins.
    private func arrange(_ level: Level) throws {
        if level.shape == .object { sortParts(from: level.firstPart) }
        var arranged: [UInt8] = []
        arranged.reserveCapacity(bytes.count - level.start)
        for (index, part) in zip(parts.indices, parts).dropFirst(level.firstPart) {
            if level.shape == .object, index + 1 < parts.count, parts[index + 1].key == part.key { continue }
            if !arranged.isEmpty { arranged.append(UInt8(ascii: ",")) }
            arranged += bytes[part.bytes]
            if let nested = part.nested {
                try nested.endValue()
                arranged += nested.bytes
            }
        }
        bytes.replaceSubrange(level.start..., with: arranged)
    }

    /// Insertion sort, because parts are few and mostly in order; it keeps the order of equal keys.
    private func sortParts(from first: Int) {
        for end in parts.indices.dropFirst(first + 1) {
            var place = end
            while place > first, parts[place].key < parts[place - 1].key {
                parts.swapAt(place, place - 1)
                place -= 1
            }
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(key: String) {
        append(quoted: key)
        append(UInt8(ascii: ":"))
    }

    /// Appends a text in quotes, escaped as RFC 8259 section 7 requires.
    mutating func append(quoted text: String) {
        var text = text
        append(UInt8(ascii: "\""))
        text.withUTF8 { text in
            // Copies whole stretches at once: hardly any text needs escaping.
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
