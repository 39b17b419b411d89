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
    private(set) var bytes: [UInt8]
    /// The last key of the object that is being written.
    private var last: StaticString?

    init(appendingTo bytes: [UInt8]) { self.bytes = bytes }

    mutating func append(_ value: some JSONWritable) {
        bytes.append(UInt8(ascii: "{"))
        let outer = last
        last = nil
        value.write(to: &self)
        last = outer
        bytes.append(UInt8(ascii: "}"))
    }

    /// A string, escaped as necessary.
    package mutating func member(_ key: StaticString, _ value: String) {
        begin(key)
        bytes.append(quoted: value)
    }

    /// A whole number.
    package mutating func member(_ key: StaticString, _ value: Int) {
        begin(key)
        bytes += value.description.utf8
    }

    /// True or false.
    package mutating func member(_ key: StaticString, _ value: Bool) {
        begin(key)
        bytes += (value ? "true" : "false").utf8
    }

    /// A time, a day or an id, as a string.
    package mutating func member(_ key: StaticString, _ value: some ShortText) {
        begin(key)
        bytes.append(UInt8(ascii: "\""))
        value.append(to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// A nested object; nil writes no member.
    package mutating func member(_ key: StaticString, _ value: (some JSONWritable)?) {
        guard let value else { return }
        begin(key)
        append(value)
    }

    /// An array of objects.
    package mutating func member(_ key: StaticString, _ values: [some JSONWritable]) {
        begin(key)
        bytes.append(UInt8(ascii: "["))
        var isFirst = true
        for value in values {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            append(value)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// Writes the key, which needs no escaping.
    private mutating func begin(_ key: StaticString) {
        if let last {
            bytes.append(UInt8(ascii: ","))
            assert("\(last)" < "\(key)", "members are written in the order of their keys")
        }
        last = key
        bytes.append(UInt8(ascii: "\""))
        key.withUTF8Buffer { bytes += $0 }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }
}
