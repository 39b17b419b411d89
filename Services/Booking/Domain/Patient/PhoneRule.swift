package import Primitives

/// Which telephone numbers a strict request may carry. They are in E.164, character for character; people type theirs on
/// other routes, in any writing.
package enum PhoneRule: Hashable, Sendable {
    /// Algeria's mobile numbers, as the specification of the strict request has them.
    case algerianMobile
    /// Every number.
    case international

    /// The rule of clinics in a country (ISO 3166-1 alpha-2).
    package static func of(country: String) -> PhoneRule { country == "DZ" ? .algerianMobile : .international }

    /// The rule as a regular expression (ECMA-262), for programs.
    package var pattern: String {
        switch self {
        case .algerianMobile: #"^\+213[567]\d{8}$"#
        case .international: #"^\+[1-9]\d{6,14}$"#
        }
    }

    /// The number that `text` is. Returns nil if the rule does not accept it.
    package func number(_ text: String) -> PhoneNumber? {
        guard let number = PhoneNumber(text) else { return nil }
        switch self {
        case .international: return number
        case .algerianMobile:
            let digits = text.utf8.dropFirst(4)
            guard text.hasPrefix("+213"), digits.count == 9, let first = digits.first, "567".utf8.contains(first) else {
                return nil
            }
            return number
        }
    }
}
