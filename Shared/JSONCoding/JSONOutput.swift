/// Encodes the suite's replies and events, in one form: sorted keys, slashes not escaped.
package enum JSONOutput {
    /// The JSON document of `value`, in UTF-8, as `JSONEncoder` would write it. Throws the errors of `value`, and
    /// `EncodingError` for numbers that JSON does not have.
    package static func encode(_ value: some Encodable) throws -> [UInt8] {
        let document = JSONBytes()
        try document.write(value)
        return document.bytes
    }

    /// The same as a text.
    package static func text(_ value: some Encodable) throws -> String {
        String(decoding: try encode(value), as: UTF8.self)
    }
}
