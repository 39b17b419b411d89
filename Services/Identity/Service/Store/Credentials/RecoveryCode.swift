import Cryptography

/// Replaces a code of the authenticator application once, for users who lost their telephone: 50 random bits, written
/// `ABCDE-FGHIJ`.
struct RecoveryCode: Sendable, CustomStringConvertible {
    private static let length = 10

    /// Ten characters of Base32.
    let canonical: String

    var description: String { "\(canonical.prefix(5))-\(canonical.suffix(5))" }

    init() { canonical = String(BaseEncoding.base32.encode(RandomBytes.make(8)).prefix(Self.length)) }

    /// The ten codes that a user is given.
    static func set() -> [RecoveryCode] { (0..<10).map { _ in RecoveryCode() } }

    /// Reads typed text in any case, with or without hyphens and blanks. Returns nil if it cannot be a recovery code.
    init?(_ text: String) {
        let typed = text.filter { $0 != "-" && !$0.isWhitespace }.uppercased()
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
        guard typed.count == Self.length, typed.allSatisfy(alphabet.contains) else { return nil }
        canonical = typed
    }
}
