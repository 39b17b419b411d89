/// The name of a city: one line of 1 to 80 characters, without white space at its ends.
package struct City: Hashable, Sendable {
    /// The most characters.
    package static let maximumLength = 80

    package let text: String

    /// Nil when `text` breaks the rule; nothing is trimmed.
    package init?(_ text: String) {
        guard let first = text.first, let last = text.last, !first.isWhitespace, !last.isWhitespace,
            text.count <= Self.maximumLength, !text.unicodeScalars.contains(where: Self.breaksLine)
        else { return nil }
        self.text = text
    }

    private static func breaksLine(_ scalar: Unicode.Scalar) -> Bool {
        [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
    }
}
