/// The encoder of one value. What the value becomes is decided by the first container that it asks for.
///
/// `JSONEncoder` makes a tree of boxes first: most of the time that a search for slots took. This one is two words, so that
/// a value costs no allocation.
struct JSONElement: Encoder {
    let output: JSONBytes
    let level: Int

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        output.begin(.object, at: level)
        return KeyedEncodingContainer(JSONMembers<Key>(element: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        output.begin(.array, at: level)
        return JSONItems(element: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        output.begin(.scalar, at: level)
        return JSONScalar(output: output)
    }

    func part(_ key: String?, _ write: (JSONBytes) throws -> Void) rethrows {
        try output.part(key, at: level, write)
    }

    /// A part that is filled by and by, perhaps while others are written.
    func nested(_ key: String?) -> JSONElement {
        let document = JSONBytes()
        output.part(key, at: level, nested: document) { _ in }
        return document.beginValue()
    }
}
