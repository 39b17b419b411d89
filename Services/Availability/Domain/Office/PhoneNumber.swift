/// A telephone number in E.164: `+`, the code of a country, 7 to 15 digits in all.
package struct PhoneNumber: Hashable, Sendable {
    package let text: String

    /// Nil when `text` is no such number; nothing is trimmed or rewritten.
    package init?(_ text: String) {
        guard text.wholeMatch(of: /\+[1-9][0-9]{6,14}/) != nil else { return nil }
        self.text = text
    }
}
