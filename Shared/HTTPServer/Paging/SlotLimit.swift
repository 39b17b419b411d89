package import JSONCoding

/// How many slots a client wants: 1 to 500.
package struct SlotLimit: Hashable, Sendable {
    /// What a client gets that does not ask.
    package static let standard = SlotLimit(unchecked: 100)
    /// The most that is granted.
    package static let maximum = 500

    /// The number of slots.
    package let value: Int

    private init(unchecked value: Int) { self.value = value }
}

extension SlotLimit: Codable, SchemaDescribed {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        value = try container.decode(Int.self)
        guard (1...Self.maximum).contains(value) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "nombre entier de 1 à \(Self.maximum) attendu")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }

    package static var schema: JSONSchema { .integer(minimum: 1, maximum: maximum) }
    package static var sample: SlotLimit { standard }
}
