/// A phone number in E.164, `+213551234567`, that keeps the rule of its clinic's country.
package struct PhoneNumber: Hashable, Sendable {
    package let text: String

    /// Nil when `text` breaks the rule; nothing is trimmed or rewritten.
    package init?(_ text: String, _ rule: PhoneRule) {
        guard rule.matches(text) else { return nil }
        self.text = text
    }

    /// A number as it was stored, valid under the rule of its day.
    package init(stored text: String) { self.text = text }
}
