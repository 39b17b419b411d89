/// A domain value that is one string on the wire. The domain alone decides what it accepts.
package protocol WireText: Codable, SchemaDescribed, Sendable {
    /// Returns nil if the domain refuses `text`.
    init?(wire text: String)
    /// The text as it is sent.
    var wire: String { get }
    /// The expected text, in French, for a text that is not such a value.
    static var expectation: String { get }
    /// A text that is accepted.
    static var example: String { get }
}

extension WireText {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = Self(wire: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: Self.expectation)
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wire)
    }

    package static var sample: Self {
        guard let sample = Self(wire: example) else { preconditionFailure("\(example) is not a \(Self.self)") }
        return sample
    }
}
