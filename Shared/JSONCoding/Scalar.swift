/// A scalar type of JSON.
protocol Scalar: Decodable {
    /// The value of a node; nil if it is of another type or out of range.
    init?(node: JSONNode)
    /// The value of a text in a query string.
    init?(text: String)
    /// The expected value, in French.
    static var expectation: String { get }
    static var schema: JSONSchema { get }
    /// Replaces a value that could not be read, so that decoding can continue.
    static var placeholder: Self { get }
}

extension String: Scalar {
    init?(node: JSONNode) {
        guard case .string(let text) = node.kind else { return nil }
        self = text
    }

    init?(text: String) { self = text }

    static var expectation: String { "texte attendu" }
    static var schema: JSONSchema { .string() }
    static var placeholder: String { "" }
}

extension Bool: Scalar {
    init?(node: JSONNode) {
        guard case .boolean(let value) = node.kind else { return nil }
        self = value
    }

    init?(text: String) {
        guard let value = Bool(text) else { return nil }
        self = value
    }

    static var expectation: String { "true ou false attendu" }
    static var schema: JSONSchema { .boolean }
    static var placeholder: Bool { false }
}

extension Scalar where Self: FixedWidthInteger {
    init?(node: JSONNode) {
        switch node.kind {
        case .integer(let value): self.init(exactly: value)
        // For JSON Schema, 5.0 is an integer.
        case .real(let value): self.init(exactly: value)
        default: return nil
        }
    }

    init?(text: String) {
        guard text.utf8.first != UInt8(ascii: "+") else { return nil }
        self.init(text, radix: 10)
    }

    static var expectation: String { "nombre entier de \(Self.min) à \(Self.max) attendu" }
    static var schema: JSONSchema {
        // The limits of 64 bits carry no information for a reader.
        .integer(
            minimum: Self.bitWidth < 64 || !Self.isSigned ? Int(clamping: Self.min) : nil,
            maximum: Self.bitWidth < 64 ? Int(clamping: Self.max) : nil)
    }
    static var placeholder: Self { 0 }
}

extension Int: Scalar {}
extension Int8: Scalar {}
extension Int16: Scalar {}
extension Int32: Scalar {}
extension Int64: Scalar {}
extension UInt: Scalar {}
extension UInt8: Scalar {}
extension UInt16: Scalar {}
extension UInt32: Scalar {}
extension UInt64: Scalar {}

extension Scalar where Self: BinaryFloatingPoint & LosslessStringConvertible {
    init?(node: JSONNode) {
        switch node.kind {
        case .integer(let value): self = Self(value)
        case .real(let value): self = Self(value)
        default: return nil
        }
    }

    init?(text: String) {
        guard let value = Self(text), value.isFinite else { return nil }
        self = value
    }

    static var expectation: String { "nombre attendu" }
    static var schema: JSONSchema { .number }
    static var placeholder: Self { 0 }
}

extension Double: Scalar {}
extension Float: Scalar {}
