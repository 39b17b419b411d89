/// How the telephone numbers of a country are written: its calling code, the trunk prefix that precedes a number within
/// the country, and how many digits its numbers have.
package struct NumberingPlan: Hashable, Sendable {
    /// A kind of national number: its first digit, and how many digits it has without the trunk prefix.
    struct Form: Hashable, Sendable {
        let first: ClosedRange<UInt8>
        let digits: ClosedRange<Int>

        func fits(_ number: Substring) -> Bool {
            guard let digit = number.utf8.first else { return false }
            return first.contains(digit) && digits.contains(number.utf8.count)
        }
    }

    /// The longest text that is read as a number.
    package static let maximumLength = 64

    /// The plan of a country that is not in the list: its numbers are read in international writing alone.
    static let unknown = NumberingPlan(callingCode: "", trunkPrefix: "", forms: [])

    /// The digits after the plus, `213` for Algeria.
    let callingCode: String
    /// The digits before a number within the country, `0` for Algeria; empty if there are none.
    let trunkPrefix: String
    let forms: [Form]

    /// The plan of a country (ISO 3166-1 alpha-2).
    package static func of(country: String) -> NumberingPlan { countries[country] ?? unknown }

    /// The number that a person typed: in national or international writing, the latter with a plus, `00`, or the calling
    /// code alone. Numbers of other countries are read in international writing. Returns nil if it is no number.
    package func number(typed text: String) -> PhoneNumber? {
        guard text.utf8.count <= 4 * Self.maximumLength, let typed = TypedDigits(text) else { return nil }
        if typed.hasPlus { return international(typed.digits[...], in: text) }
        if let prefix = internationalPrefix(of: typed.digits) {
            return international(typed.digits.dropFirst(prefix.count), in: text)
        }
        return own(typed.digits[...]) ?? afterCallingCode(typed.digits[...]).flatMap(own)
    }

    private func internationalPrefix(of digits: String) -> String? {
        (callingCode == "1" ? ["011", "00"] : ["00"]).first { digits.hasPrefix($0) }
    }

    private func international(_ digits: Substring, in text: String) -> PhoneNumber? {
        if let rest = afterCallingCode(digits) { return own(rest) }
        // Some people write the trunk prefix that is left out from abroad: +33 (0)6 12 34 56 78.
        guard text.contains("(0)"), let typed = TypedDigits(text.replacing("(0)", with: "")) else {
            return PhoneNumber("+\(digits)")
        }
        return PhoneNumber("+\(typed.hasPlus ? typed.digits[...] : typed.digits.dropFirst(2))")
    }

    private func afterCallingCode(_ digits: Substring) -> Substring? {
        guard !callingCode.isEmpty, digits.hasPrefix(callingCode) else { return nil }
        return digits.dropFirst(callingCode.count)
    }

    /// The number of this country that has these digits, with or without the trunk prefix.
    private func own(_ digits: Substring) -> PhoneNumber? {
        if !trunkPrefix.isEmpty, digits.hasPrefix(trunkPrefix) {
            let rest = digits.dropFirst(trunkPrefix.count)
            if fits(rest) { return PhoneNumber("+\(callingCode)\(rest)") }
        }
        return fits(digits) ? PhoneNumber("+\(callingCode)\(digits)") : nil
    }

    private func fits(_ number: Substring) -> Bool { forms.contains { $0.fits(number) } }
}
