/// A name or an address as people write it: one line of 1 to 200 characters, without white space at its ends.
package struct OneLine: Hashable, Sendable, CustomStringConvertible {
    /// The most characters.
    package static let maximumLength = 200

    package let description: String

    /// Nil when `text` breaks the rule; nothing is trimmed, as addresses are compared to the letter.
    package init?(_ text: String) {
        guard let first = text.first, let last = text.last, !first.isWhitespace, !last.isWhitespace,
            text.count <= Self.maximumLength, !text.unicodeScalars.contains(where: Self.breaksLine)
        else { return nil }
        description = text
    }

    private static func breaksLine(_ scalar: Unicode.Scalar) -> Bool {
        [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
    }
}
