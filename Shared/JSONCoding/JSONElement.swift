/// The encoder of one value, which writes it straight into bytes. What the value becomes is decided by the first container
/// that it asks for; ``end()`` closes it.
///
/// `JSONEncoder` makes a tree of boxes first: most of the time that a search for slots took.
final class JSONElement: Encoder {
    private enum Shape { case none, scalar, array, object }

    let output: JSONBytes
    private var shape = Shape.none
    private var start = 0
    private var firstPart = 0

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }
    var count: Int { output.parts.count - firstPart }

    init(into output: JSONBytes) { self.output = output }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        begin(.object, "{")
        return KeyedEncodingContainer(JSONMembers<Key>(element: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        begin(.array, "[")
        return JSONItems(element: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        shape = .scalar
        return JSONScalar(output: output)
    }

    /// Writes one part: of an object with its key, of an array with none.
    func part(_ key: String?, nested: JSONElement? = nil, _ write: (JSONBytes) throws -> Void) rethrows {
        let begin = output.bytes.count
        if let key { output.write(key: key) }
        try write(output)
        output.parts.append(.init(key: key ?? "", bytes: begin..<output.bytes.count, nested: nested))
    }

    /// A part that is filled by and by, perhaps while others are written.
    func nested(_ key: String?) -> JSONElement {
        let element = JSONElement(into: JSONBytes())
        part(key, nested: element) { _ in }
        return element
    }

    /// Called when the value has said everything.
    func end() throws {
        switch shape {
        case .scalar: break
        case .array: try output.arrange(from: start, firstPart: firstPart, "]")
        case .object:
            output.parts[firstPart...].sort { ($0.key, $0.bytes.lowerBound) < ($1.key, $1.bytes.lowerBound) }
            try output.arrange(from: start, firstPart: firstPart, "}")
        case .none:
            throw EncodingError.invalidValue(self, .init(codingPath: [], debugDescription: "a value encoded nothing"))
        }
    }

    private func begin(_ wanted: Shape, _ bracket: Unicode.Scalar) {
        guard shape != wanted else { return }
        precondition(shape == .none, "a value is one thing")
        shape = wanted
        output.append(bracket)
        (start, firstPart) = (output.bytes.count, output.parts.count)
    }
}
