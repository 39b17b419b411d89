/// An e-mail address in the dot-atom form of RFC 5321: ASCII, at most 254 characters, a domain of two labels or more.
///
/// Quoted local parts and address literals are refused. Two addresses that differ in case alone are equal.
package struct EmailAddress: Sendable, CustomStringConvertible {
    /// The longest address (RFC 5321 section 4.5.3.1.3).
    package static let maximumLength = 254

    /// The address as it was written.
    package let text: String

    /// Returns nil if `text` is not such an address; nothing is trimmed or rewritten.
    package init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.maximumLength, parts.count == 2, parts[0].utf8.count <= 64,
            Self.atoms(parts[0]).allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isAtomText) }),
            HostName.isDomain(parts[1])
        else { return nil }
        self.text = text
    }

    /// An address that was accepted when it was stored, under the rule at that time.
    package init(stored text: String) { self.text = text }

    /// The form for comparison and lookup: lower case.
    package var normalized: String { text.lowercased() }

    /// The part before the `@`.
    package var localPart: Substring { text.prefix { $0 != "@" } }

    package var description: String { text }

    private static func atoms(_ text: Substring) -> [Substring] {
        text.split(separator: ".", omittingEmptySubsequences: false)
    }

    private static func isAtomText(_ byte: UInt8) -> Bool {
        HostName.isLetter(byte) || HostName.isDigit(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
    }
}

extension EmailAddress: Hashable {
    package static func == (left: EmailAddress, right: EmailAddress) -> Bool { left.normalized == right.normalized }
    package func hash(into hasher: inout Hasher) { hasher.combine(normalized) }
}
