/// The encoder of one value. The first container that the value requests decides its kind.
///
/// `JSONEncoder` first builds a tree of boxes, which took most of the time of a slot search. This encoder is two words,
/// so a value costs no allocation.
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

    /// A part that is filled in later, possibly while others are written.
    func nested(_ key: String?) -> JSONElement {
        let document = JSONBytes()
        output.part(key, at: level, nested: document) { _ in }
        return document.beginValue()
    }
}
