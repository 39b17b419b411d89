/// A value of a domain that is one text on the wire. What it accepts is decided by the domain alone.
package protocol WireText: Codable, SchemaDescribed, Sendable {
    /// Nil when the domain refuses `text`.
    init?(wire text: String)
    /// The text as it is sent.
    var wire: String { get }
    /// What is wrong with a text that is no such value, in French.
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
        guard let sample = Self(wire: example) else { preconditionFailure("\(example) is no \(Self.self)") }
        return sample
    }
}
