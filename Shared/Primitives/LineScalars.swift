/// The rule for the characters of a line of text.
///
/// Two lines that look the same must not differ, so characters without a glyph are refused. Joiners are accepted where
/// writing needs them: between letters of scripts that join them, and within an emoji.
enum LineScalars {
    /// Returns false if the line has no visible character, or one that a line must not have.
    static func accept(_ line: Substring.UnicodeScalarView) -> Bool {
        let scalars = Array(line)
        var hasGlyph = false
        for (index, scalar) in scalars.enumerated() {
            let properties = scalar.properties
            switch properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: return false
            case .nonspacingMark, .enclosingMark, .spacingMark, .spaceSeparator: break
            default: hasGlyph = hasGlyph || !isInvisible(scalar)
            }
            guard isInvisible(scalar) else { continue }
            guard index > 0, isNeeded(scalar, after: scalars[index - 1], before: scalars.dropFirst(index + 1).first)
            else { return false }
        }
        return hasGlyph
    }

    /// True for characters without a glyph: zero-width and direction-changing ones, fillers, and the empty Braille
    /// pattern.
    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.isASCII && (scalar.properties.isDefaultIgnorableCodePoint || scalar == "\u{2800}")
    }

    private static func isNeeded(
        _ scalar: Unicode.Scalar, after left: Unicode.Scalar, before right: Unicode.Scalar?
    ) -> Bool {
        switch scalar {
        case "\u{FE0E}", "\u{FE0F}": return left.properties.isEmoji
        case "\u{200C}", "\u{200D}":
            guard let right else { return false }
            if joinsLetters(left), joinsLetters(right) { return true }
            return scalar == "\u{200D}" && isOfEmoji(left) && isOfEmoji(right)
        default: return false
        }
    }

    /// True for the scripts from Arabic to Tibetan, whose letters join.
    private static func joinsLetters(_ scalar: Unicode.Scalar) -> Bool { (0x0600...0x0FFF).contains(scalar.value) }

    /// Digits are emoji, too, in the terms of Unicode.
    private static func isOfEmoji(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value > 0x2000 && scalar.properties.isEmoji || scalar == "\u{FE0F}"
    }
}
