/// One line of text that a person types: 1 to `maximum` characters, without control characters or line breaks.
///
/// White space around it is removed. Each use gives it a name, for example `typealias City = OneLine<80>`.
package struct OneLine<let maximum: Int>: Hashable, Sendable, CustomStringConvertible {
    /// The line.
    package let text: String

    /// Returns nil if `text` has no visible character, is longer than `maximum`, or is not one line.
    package init?(_ text: String) {
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return nil }
        let line = text[first...last]
        guard line.count <= maximum, !line.unicodeScalars.contains(where: Self.breaksLine) else { return nil }
        self.text = String(line)
    }

    package var description: String { text }

    private static func breaksLine(_ scalar: Unicode.Scalar) -> Bool {
        [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
    }
}
