/// Any JSON value, for documents whose members are known at run time only.
package indirect enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// Parses a document. Throws ``InvalidInput`` if `bytes` is none.
    package init(parsing bytes: [UInt8]) throws(InvalidInput) {
        let tree = try JSONTree(parsing: bytes)
        self = withExtendedLifetime(tree) { JSONValue(tree.root) }
    }

    private init(_ node: JSONNode) {
        switch node.kind {
        case .null: self = .null
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = .integer(Int(value))
        case .real(let value): self = .number(value)
        case .string(let text): self = .string(text)
        case .array:
            self = .array((0..<(node.elementCount ?? 0)).compactMap { node.element($0).map { JSONValue($0) } })
        case .object:
            let members = node.fieldNames.compactMap { name in node.field(name).map { (name, JSONValue($0)) } }
            self = .object(Dictionary(members) { first, _ in first })
        }
    }

    /// The members of an object; empty for any other value.
    package var members: [String: JSONValue] {
        if case .object(let members) = self { members } else { [:] }
    }

    /// The elements of an array; empty for any other value.
    package var elements: [JSONValue] {
        if case .array(let elements) = self { elements } else { [] }
    }

    /// The text of a string; nil for any other value.
    package var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// A member of an object; nil if there is none.
    package subscript(name: String) -> JSONValue? { members[name] }
}

extension JSONValue: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .boolean(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let text): try container.encode(text)
        case .array(let elements): try container.encode(elements)
        case .object(let members): try container.encode(members)
        }
    }
}

extension JSONValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral text: String) { self = .string(text) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral members: (String, JSONValue)...) {
        self = .object(Dictionary(members) { _, last in last })
    }
}
