/// The name of a tenant on the wire and in schema names: `^[a-z][a-z0-9]*(-[a-z0-9]+)*$`, at most 40 characters.
///
/// It never contains a dot, a star or a hash, so it is always exactly one word of an AMQP routing key.
package struct TenantSlug: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The longest slug, so that `<service>_<tenant>` fits PostgreSQL's 63 bytes.
    package static let maximumLength = 40

    /// The tenant that owns the installation itself; its users are the super administrators.
    package static let platform = "guichet" as TenantSlug

    package let description: String

    /// Returns nil if `text` breaks the rule above.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count <= Self.maximumLength, let first = text.utf8.first, Self.isLetter(first) else {
            return nil
        }
        var previous: UInt8 = 0
        for byte in text.utf8 {
            guard
                Self.isLetter(byte) || (0x30...0x39).contains(byte) || (byte == Self.hyphen && previous != Self.hyphen)
            else { return nil }
            previous = byte
        }
        guard previous != Self.hyphen else { return nil }
        description = String(text)
    }

    package static func < (left: TenantSlug, right: TenantSlug) -> Bool { left.description < right.description }

    private static let hyphen = UInt8(ascii: "-")
    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
}

extension TenantSlug: ExpressibleByStringLiteral {
    /// For names in the code; one that breaks the rule is a programming error.
    package init(stringLiteral text: StaticString) {
        guard let slug = TenantSlug(text.description) else { preconditionFailure("\(text) is not a slug") }
        self = slug
    }
}

extension TenantSlug: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let slug = TenantSlug(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "identifiant d’établissement attendu : lettres minuscules, chiffres et tirets")
        }
        self = slug
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
