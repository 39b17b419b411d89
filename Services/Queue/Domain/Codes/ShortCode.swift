/// Six characters that people read from one screen and type on another. No two of them look alike.
package struct ShortCode: Hashable, Sendable, CustomStringConvertible {
    /// The number of characters.
    package static let length = 6
    private static let alphabet = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")

    package let description: String

    /// The code that these bytes choose; equally distributed bytes give equally distributed codes. There must be at least
    /// ``length`` of them.
    package init(choosing bytes: [UInt8]) {
        precondition(bytes.count >= Self.length, "a code needs \(Self.length) bytes")
        description = String(bytes.prefix(Self.length).map { Self.alphabet[Int($0 % 32)] })
    }

    /// Reads a code as it was typed: in upper or lower case, with or without spaces and hyphens. Returns nil if it is none.
    package init?(_ text: String) {
        guard text.utf8.count <= 3 * Self.length else { return nil }
        let characters = text.filter { $0 != " " && $0 != "-" }.uppercased()
        guard characters.count == Self.length, characters.allSatisfy(Self.alphabet.contains) else { return nil }
        description = characters
    }
}
