package import Primitives

/// An object that writes its members itself, for replies with hundreds of them: Codable's containers take several times
/// as long as writing the bytes. For decoding, and for all other replies, use the synthesised code.
///
/// Conforming types can only be encoded by ``JSONOutput``.
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

/// An object during encoding, member by member.
package struct JSONObject {
    let output: JSONBytes
    private var last: StaticString?

    init(output: JSONBytes) { self.output = output }

    /// A string, escaped as necessary.
    package mutating func member(_ key: StaticString, _ value: String) {
        begin(key)
        output.write(value)
    }

    /// A whole number.
    package mutating func member(_ key: StaticString, _ value: Int) {
        begin(key)
        output.write(verbatim: value.description)
    }

    /// A time, a day or an id, as a string.
    package mutating func member(_ key: StaticString, _ value: some ShortText) {
        begin(key)
        output.write(value)
    }

    /// A nested object; nil writes no member.
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
