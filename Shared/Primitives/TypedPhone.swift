/// A telephone number as a person typed it. Which number it is depends on the country in which it is read.
package struct TypedPhone: Hashable, Sendable {
    /// The text as it was typed.
    package let text: String

    /// Returns nil if `text` is longer than a number can be, or has something else than digits and what groups them.
    package init?(_ text: String) {
        guard text.unicodeScalars.count <= NumberingPlan.maximumLength, let typed = TypedDigits(text),
            !typed.digits.isEmpty
        else { return nil }
        self.text = text
    }

    /// The number, read by the rules of a country; nil if it is none.
    package func number(in plan: NumberingPlan) -> PhoneNumber? { plan.number(typed: text) }
}
