/// An e-mail address as people have them: the dot-atom form of RFC 5321, ASCII, at most 254 characters.
///
/// Quoted local parts and address literals, which nobody types at a reception desk, are refused.
package struct EmailAddress: Hashable, Sendable {
    package let text: String

    /// Nil when `text` is no such address; nothing is trimmed or rewritten.
    package init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard text.utf8.count <= 254, parts.count == 2, parts[0].utf8.count <= 64,
            Self.atoms(parts[0]).allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isAtomText) }),
            Self.isDomain(parts[1])
        else { return nil }
        self.text = text
    }

    private static func atoms(_ text: Substring) -> [Substring] {
        text.split(separator: ".", omittingEmptySubsequences: false)
    }

    /// At least two labels of letters, digits and inner hyphens; the last one is not a number.
    private static func isDomain(_ text: Substring) -> Bool {
        let labels = atoms(text)
        return labels.count >= 2 && labels.last?.utf8.contains(where: isLetter) == true
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                    && label.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
            }
    }

    private static func isAtomText(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
