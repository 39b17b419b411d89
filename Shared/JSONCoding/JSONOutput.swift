import FoundationEssentials

/// Encodes what this suite answers and publishes, in one form: sorted keys, slashes as they are.
package enum JSONOutput {
    /// The JSON document of `value`, in UTF-8. Throws what `value` throws when it is encoded.
    package static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }
}
