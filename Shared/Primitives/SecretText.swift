/// A password, a code or a token that is compared with what is stored: 1 to `maximum` Unicode scalars, so at most four times
/// as many bytes of UTF-8. Nothing is trimmed or rewritten, and printing it reveals nothing.
package struct SecretText<let maximum: Int>: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The text as it was sent.
    package let text: String

    /// Returns nil if `text` is empty or longer.
    package init?(_ text: String) {
        guard !text.isEmpty, text.unicodeScalars.count <= maximum else { return nil }
        self.text = text
    }

    package var description: String { "<secret>" }
    package var debugDescription: String { description }
}
