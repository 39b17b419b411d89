// The containers of `JSONElement`. Strings and integers, the most frequent values, have a fast path.

/// The members of an object.
struct JSONMembers<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let element: JSONElement
    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey key: Key) { element.part(key.stringValue) { $0.write(verbatim: "null") } }
    func encode(_ value: String, forKey key: Key) { element.part(key.stringValue) { $0.write(value) } }
    func encode(_ value: Int, forKey key: Key) { element.part(key.stringValue) { $0.write(verbatim: "\(value)") } }
    func encode(_ value: some Encodable, forKey key: Key) throws {
        try element.part(key.stringValue) { try $0.write(value) }
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> { element.nested(key.stringValue).container(keyedBy: keyType) }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        element.nested(key.stringValue).unkeyedContainer()
    }
    func superEncoder() -> any Encoder { element.nested("super") }
    func superEncoder(forKey key: Key) -> any Encoder { element.nested(key.stringValue) }
}

/// The items of an array.
struct JSONItems: UnkeyedEncodingContainer {
    let element: JSONElement
    var codingPath: [any CodingKey] { [] }
    var count: Int { element.output.count(at: element.level) }

    func encodeNil() { element.part(nil) { $0.write(verbatim: "null") } }
    func encode(_ value: String) { element.part(nil) { $0.write(value) } }
    func encode(_ value: Int) { element.part(nil) { $0.write(verbatim: "\(value)") } }
    func encode(_ value: some Encodable) throws { try element.part(nil) { try $0.write(value) } }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type
    ) -> KeyedEncodingContainer<NestedKey> { element.nested(nil).container(keyedBy: keyType) }
    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { element.nested(nil).unkeyedContainer() }
    func superEncoder() -> any Encoder { element.nested(nil) }
}

/// A value that is one scalar, or that encodes another value in its place.
struct JSONScalar: SingleValueEncodingContainer {
    let output: JSONBytes
    var codingPath: [any CodingKey] { [] }

    func encodeNil() { output.write(verbatim: "null") }
    func encode(_ value: Bool) { output.write(verbatim: value ? "true" : "false") }
    func encode(_ value: String) { output.write(value) }
    func encode(_ value: Double) throws { try number(value) }
    func encode(_ value: Float) throws { try number(value) }
    func encode(_ value: Int) { number(value) }
    func encode(_ value: Int8) { number(value) }
    func encode(_ value: Int16) { number(value) }
    func encode(_ value: Int32) { number(value) }
    func encode(_ value: Int64) { number(value) }
    func encode(_ value: UInt) { number(value) }
    func encode(_ value: UInt8) { number(value) }
    func encode(_ value: UInt16) { number(value) }
    func encode(_ value: UInt32) { number(value) }
    func encode(_ value: UInt64) { number(value) }
    func encode(_ value: some Encodable) throws { try output.write(value) }

    private func number(_ value: some FixedWidthInteger) { output.write(verbatim: value.description) }

    private func number(_ value: some BinaryFloatingPoint & CustomStringConvertible & Encodable) throws {
        guard value.isFinite else {
            throw EncodingError.invalidValue(value, .init(codingPath: [], debugDescription: "JSON has no infinity"))
        }
        let text = value.description
        output.write(verbatim: text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
    }
}
