package import Primitives

/// What phone numbers look like in a country: `+`, fixed digits, one digit of a choice, then a fixed count of any
/// digits.
///
/// It is written as a regular expression, for example `^\+213[567]\d{8}$`, and no other kind of pattern is
/// understood.
package struct PhoneRule: Hashable, Sendable {
    /// Algeria's mobile numbers.
    package static let algeria = PhoneRule(prefix: "213", choice: "567", count: 8, pattern: #"^\+213[567]\d{8}$"#)
    /// France's numbers.
    package static let france = PhoneRule(prefix: "33", choice: "123456789", count: 8, pattern: #"^\+33[1-9]\d{8}$"#)

    /// The pattern as it was written.
    package let pattern: String
    private let prefix: Substring
    private let choice: String
    private let count: Int

    /// The rule of a country (ISO 3166-1 alpha-2); Algeria's for countries without a rule of their own.
    package static func of(country: String) -> PhoneRule { country == "FR" ? .france : .algeria }

    private init(prefix: Substring, choice: String, count: Int, pattern: String) {
        (self.prefix, self.choice, self.count, self.pattern) = (prefix, choice, count, pattern)
    }

    /// Reads a pattern. Returns nil if it is not of the kind above, or allows more than the 15 digits of E.164.
    package init?(pattern: String) {
        guard let match = pattern.wholeMatch(of: /\^\\\+([1-9][0-9]{0,3})\[([0-9](?:-?[0-9])*)\]\\d\{([0-9]{1,2})\}\$/),
            let count = Int(match.3), match.1.count + 1 + count <= 15
        else { return nil }
        var choice = ""
        var rest = match.2
        while let low = rest.popFirst() {
            guard rest.first == "-", let high = rest.dropFirst().first else { choice.append(low); continue }
            guard low <= high else { return nil }
            choice += "0123456789".filter { (low...high).contains($0) }
            rest = rest.dropFirst(2)
        }
        self.init(prefix: match.1, choice: choice, count: count, pattern: pattern)
    }

    /// The number that `text` is. Returns nil if it is not one of this country, character for character.
    package func number(_ text: String) -> PhoneNumber? { matches(text) ? PhoneNumber(text) : nil }

    private func matches(_ text: String) -> Bool {
        guard text.hasPrefix("+" + prefix), text.utf8.count == 1 + prefix.count + 1 + count else { return false }
        let digits = text.dropFirst(1 + prefix.count)
        guard let first = digits.first, choice.contains(first) else { return false }
        return digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
