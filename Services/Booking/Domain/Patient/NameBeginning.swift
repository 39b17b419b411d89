import Primitives

/// The beginning of a patient's name, by which the patient is looked for: each of its words begins a word of the name, in
/// any order, with or without accents.
package struct NameBeginning: Hashable, Sendable {
    /// The lengths of beginnings that an index has, in letters. Fewer would find too many patients, and tell more to a
    /// reader of the index.
    package static let lengths = 3...6
    /// How many words of a name an index has.
    package static let maximumWords = 6

    private let words: [String]

    /// Returns nil if `text` has no letter.
    package init?(_ text: String) {
        words = Array(TextFolding.words(text).prefix(Self.maximumWords))
        guard !words.isEmpty else { return nil }
    }

    /// What an index must have for the name to begin so. A longer word is found by its first letters, and a word shorter
    /// than the shortest beginning only as a whole word.
    package var keys: [String] { words.map { Self.beginning(of: $0, Self.lengths.upperBound) } }

    /// True if `name` begins so.
    package func begins(_ name: PatientName) -> Bool {
        let all = TextFolding.words(name.text)
        return words.allSatisfy { word in
            let isWhole = word.unicodeScalars.count < Self.lengths.lowerBound
            return all.contains { isWhole ? $0 == word : $0.hasPrefix(word) }
        }
    }

    /// What an index has of a name: the beginnings of its words, and short words as a whole.
    package static func keys(of name: PatientName) -> Set<String> {
        Set(
            TextFolding.words(name.text).prefix(maximumWords).flatMap { word in
                let length = word.unicodeScalars.count
                return length < lengths.lowerBound
                    ? [word] : (lengths.lowerBound...min(length, lengths.upperBound)).map { beginning(of: word, $0) }
            })
    }

    private static func beginning(of word: String, _ length: Int) -> String {
        String(String.UnicodeScalarView(word.unicodeScalars.prefix(length)))
    }
}
