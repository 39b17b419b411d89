package import JSONCoding

/// How many things a client wants at most: 1 to ``maximum``.
package protocol CountLimit: Hashable, Sendable, Codable, SchemaDescribed {
    /// The most that is granted.
    static var maximum: Int { get }
    /// What a client gets that does not ask.
    static var standard: Self { get }

    /// The number of things.
    var value: Int { get }

    /// A limit that is known to be within its bounds.
    init(unchecked value: Int)
}

extension CountLimit {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let value = try container.decode(Int.self)
        guard (1...Self.maximum).contains(value) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "nombre entier de 1 à \(Self.maximum) attendu")
        }
        self.init(unchecked: value)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }

    package static var schema: JSONSchema { .integer(minimum: 1, maximum: maximum) }
    package static var sample: Self { standard }
}

/// How many items a client wants on a page.
package struct PageLimit: CountLimit {
    package static let maximum = 100
    package static let standard = PageLimit(unchecked: 20)

    package let value: Int

    package init(unchecked value: Int) { self.value = value }
}

/// How many slots a client wants.
package struct SlotLimit: CountLimit {
    package static let maximum = 500
    package static let standard = SlotLimit(unchecked: 100)

    package let value: Int

    package init(unchecked value: Int) { self.value = value }
}
