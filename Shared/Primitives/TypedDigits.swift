/// Digits as people type or paste them: of any script, grouped by blanks, hyphens, dots, slashes or parentheses.
package struct TypedDigits: Hashable, Sendable {
    /// The digits, in ASCII.
    package let digits: String
    /// True if a plus precedes the first digit.
    package let hasPlus: Bool

    /// Returns nil if `text` has any other character. Characters that cannot be seen, which address books put around
    /// numbers, are passed over.
    package init?(_ text: String) {
        var (digits, hasPlus) = ("", false)
        for scalar in text.unicodeScalars {
            if scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue {
                digits.unicodeScalars.append(Unicode.Scalar(0x30 + UInt8(value)))
            } else if scalar == "+" || scalar == "\u{FF0B}" {
                guard digits.isEmpty, !hasPlus else { return nil }
                hasPlus = true
            } else if !Self.separates(scalar) {
                return nil
            }
        }
        (self.digits, self.hasPlus) = (digits, hasPlus)
    }

    private static func separates(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case ".", "/", "(", ")", "\u{2212}": true
        default:
            scalar.properties.generalCategory == .dashPunctuation || scalar.properties.isWhitespace
                || LineScalars.isInvisible(scalar)
        }
    }
}
