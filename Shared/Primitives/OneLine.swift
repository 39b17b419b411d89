/// One line of text that a person types: 1 to `maximum` Unicode scalars, so at most four times as many bytes of UTF-8.
///
/// JSON Schema and PostgreSQL count scalars, too, so one number bounds the value, the documented input and the column.
/// White space around the line is removed. A line without a visible character is refused, and so are line breaks, control
/// characters, and characters that cannot be seen or that change the direction of the text (``LineScalars``). Each use
/// gives it a name, for example `typealias City = OneLine<80>`.
package struct OneLine<let maximum: Int>: Hashable, Sendable, CustomStringConvertible {
    /// The line.
    package let text: String

    /// Returns nil if `text` is not such a line.
    package init?(_ text: String) {
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return nil }
        let line = text[first...last]
        guard line.unicodeScalars.count <= maximum, LineScalars.accept(line.unicodeScalars) else { return nil }
        self.text = String(line)
    }

    /// A line that was accepted when it was stored, under the rule at that time.
    package init(stored text: String) { self.text = text }

    package var description: String { text }
}
