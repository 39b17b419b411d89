/// Text of one line that people type.
enum PlainText {
    /// `text` without white space around it; nil when it then has no character, more than `maximum`, or a control
    /// character.
    static func line(_ text: String, maximum: Int) -> String? {
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return nil }
        let line = text[first...last]
        let hasControl = line.unicodeScalars.contains {
            [.control, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
        }
        return hasControl || line.count > maximum ? nil : String(line)
    }
}
