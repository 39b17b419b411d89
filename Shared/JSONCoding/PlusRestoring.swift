package import Primitives

/// A value whose text may have a plus sign. In a query string a plus stands for a blank, so a plus that a client did not
/// escape arrives as a blank.
package protocol PlusRestoring {
    /// The text of a query string, with a plus in place of a blank where only a plus can have been meant.
    static func restoringPlus(in text: String) -> String
}

extension Instant: PlusRestoring {
    /// No instant has a blank: `2026-11-20T09:30:00 01:00` was `2026-11-20T09:30:00+01:00`.
    package static func restoringPlus(in text: String) -> String { text.replacing(" ", with: "+") }
}

extension EmailAddress: PlusRestoring {
    /// No address has a blank.
    package static func restoringPlus(in text: String) -> String { text.replacing(" ", with: "+") }
}

extension PhoneNumber: PlusRestoring {
    /// E.164 begins with a plus.
    package static func restoringPlus(in text: String) -> String { TypedPhone.restoringPlus(in: text) }
}

extension TypedPhone: PlusRestoring {
    /// A blank before a number is a plus, unless the number begins with zero, which no international number does.
    package static func restoringPlus(in text: String) -> String {
        guard text.first == " ", let digit = text.dropFirst().first, digit != "0", digit.isNumber else { return text }
        return "+\(text.dropFirst())"
    }
}
