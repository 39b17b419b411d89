/// The name of something of a clinic, a practitioner, a room or a holiday: 1 to 120 characters on one line.
package struct Label: Hashable, Sendable {
    package let text: String

    /// Nil when `text`, trimmed, breaks the rule above.
    package init?(_ text: String) {
        guard let line = PlainText.line(text, maximum: 120) else { return nil }
        self.text = line
    }
}
