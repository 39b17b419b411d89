// The normal forms of the standard library are not public yet; `FoundationEssentials` has none.
@_spi(_Unicode) import Swift

/// Forms of a text in which different writings of the same words are equal.
package enum TextFolding {
    /// The same letters: without regard to case, to composed and decomposed characters, to the width and number of
    /// blanks, to characters that cannot be seen, and to the kind of apostrophe and hyphen.
    package static func sameLetters(_ text: String) -> String {
        var folded = String.UnicodeScalarView()
        for scalar in text.lowercased()._nfd {
            if LineScalars.isInvisible(scalar) { continue }
            switch scalar {
            // Most are, and the properties of a character take long to look up.
            case "a"..."z", "0"..."9": folded.append(scalar)
            case _ where scalar.properties.isWhitespace:
                if folded.last.map({ $0 != " " }) ?? false { folded.append(" ") }
            case "\u{2018}", "\u{2019}", "\u{02BC}", "\u{FF07}": folded.append("'")
            case _ where scalar.properties.generalCategory == .dashPunctuation: folded.append("-")
            default: folded.append(scalar)
            }
        }
        if folded.last == " " { folded.removeLast() }
        return String(folded)
    }

    /// The words for a search: like ``sameLetters(_:)``, and without accents, vowel signs and punctuation. A hyphen and an
    /// apostrophe divide words: `Saint-Étienne` is `saint` and `etienne`.
    package static func words(_ text: String) -> [String] {
        var (words, word): ([String], String) = ([], "")
        func finish() {
            if !word.isEmpty { words.append(word) }
            word = ""
        }
        for scalar in text.lowercased()._nfd where !LineScalars.isInvisible(scalar) {
            switch scalar {
            case "a"..."z", "0"..."9": word.unicodeScalars.append(scalar)
            case "œ": word += "oe"
            case "æ": word += "ae"
            case "ß": word += "ss"
            case "ø": word += "o"
            case "ł": word += "l"
            case "ı": word += "i"
            // Arabic lengthens a line with it; it is no letter.
            case "\u{0640}": continue
            default:
                switch scalar.properties.generalCategory {
                case .nonspacingMark, .enclosingMark: continue
                case .lowercaseLetter, .otherLetter, .modifierLetter, .titlecaseLetter, .uppercaseLetter,
                    .decimalNumber, .spacingMark:
                    word.unicodeScalars.append(scalar)
                default: finish()
                }
            }
        }
        finish()
        return words
    }
}
