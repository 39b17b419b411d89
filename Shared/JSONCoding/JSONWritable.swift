package import Primitives

/// An object that writes its members itself, for what is answered by the hundred: Codable's containers take several times
/// as long as the bytes do. Decoding, and all that is answered one by one, stays with the compiler.
///
/// What conforms is encoded by ``JSONOutput`` only.
package protocol JSONWritable: Encodable {
    /// Writes all members, in the order of their keys.
    func write(to object: inout JSONObject)
}

extension JSONWritable {
    package func encode(to encoder: any Encoder) throws {
        guard let element = encoder as? JSONElement else {
            throw EncodingError.invalidValue(
                self, .init(codingPath: encoder.codingPath, debugDescription: "only JSONOutput writes this"))
        }
        element.output.begin(.scalar, at: element.level)
        element.output.write(object: self)
    }
}

/// An object that is being written, member by member.
package struct JSONObject {
    let output: JSONBytes
    private var last: StaticString?

    init(output: JSONBytes) { self.output = output }

    /// A text, with what must be escaped escaped.
    package mutating func member(_ key: StaticString, _ value: String) {
        begin(key)
        output.write(value)
    }

    /// A whole number.
    package mutating func member(_ key: StaticString, _ value: Int) {
        begin(key)
        output.write(verbatim: value.description)
    }

    /// A time, a day or an id, as a text.
    package mutating func member(_ key: StaticString, _ value: some ShortText) {
        begin(key)
        output.write(value)
    }

    /// A nested object; without one there is no member.
    package mutating func member(_ key: StaticString, _ value: (some JSONWritable)?) {
        guard let value else { return }
        begin(key)
        output.write(object: value)
    }

    private mutating func begin(_ key: StaticString) {
        if let last {
            output.write(verbatim: ",")
            assert("\(last)" < "\(key)", "members are written in the order of their keys")
        }
        last = key
        output.write(key: key)
    }
}
