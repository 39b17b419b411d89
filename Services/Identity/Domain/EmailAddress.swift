/// The e-mail address that a user logs in with: ASCII, at most 254 characters, one `@`, a domain with a dot.
///
/// Case does not count, so that nobody is kept out by a capital letter and nobody registers twice.
package struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
    /// The longest address (RFC 5321 section 4.5.3.1.3).
    package static let maximumLength = 254

    /// The address in lower case.
    package let description: String

    /// Nil when `text` is no such address; nothing is trimmed.
    package init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.maximumLength, parts.count == 2, (1...64).contains(parts[0].utf8.count),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, labels.allSatisfy({ !$0.isEmpty }) else { return nil }
        description = text.lowercased()
    }

    /// What is before the `@`.
    package var localPart: Substring { description.prefix { $0 != "@" } }
}
