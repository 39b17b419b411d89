/// A telephone number in E.164, for example `+213551234567`: `+`, then 7 to 15 digits, beginning with a country code.
///
/// Which numbers a tenant accepts is a rule of the service that asks for them.
package struct PhoneNumber: Hashable, Sendable, CustomStringConvertible {
    /// The number.
    package let text: String

    /// Returns nil if `text` is not such a number; nothing is trimmed or rewritten.
    package init?(_ text: String) {
        let digits = text.utf8.dropFirst()
        guard text.utf8.first == UInt8(ascii: "+"), (7...15).contains(digits.count), digits.first != UInt8(ascii: "0"),
            digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        self.text = text
    }

    /// A number that was accepted when it was stored, under the rule at that time.
    package init(stored text: String) { self.text = text }

    package var description: String { text }
}
