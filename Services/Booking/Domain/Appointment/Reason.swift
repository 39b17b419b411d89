/// Why somebody changes an appointment, in their words: 1 to 500 characters on one line.
package struct Reason: Hashable, Sendable {
    package let text: String

    /// Nil when `text`, trimmed, breaks the rule above.
    package init?(_ text: String) {
        guard let line = PlainText.line(text, maximum: 500) else { return nil }
        self.text = line
    }
}
