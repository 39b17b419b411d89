/// The encodings of bytes as text of RFC 4648, without padding.
///
/// Decoding is strict: only the characters of the alphabet, no line breaks, no padding, no leftover bits. So each byte
/// sequence has exactly one text, and different texts never decode to the same bytes.
package struct BaseEncoding: Sendable {
    /// Sixteen lower-case digits.
    package static let hexadecimal = BaseEncoding("0123456789abcdef", bitsPerCharacter: 4)
    /// Section 6, upper case: the form for authenticator applications.
    package static let base32 = BaseEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", bitsPerCharacter: 5)
    /// Section 4.
    package static let base64 = BaseEncoding(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", bitsPerCharacter: 6)
    /// Section 5, for URLs and JOSE.
    package static let base64URL = BaseEncoding(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", bitsPerCharacter: 6)

    private static let invalid: UInt8 = 0xFF
    private let alphabet: [UInt8]
    private let values: [UInt8]
    private let bitsPerCharacter: Int

    private init(_ alphabet: StaticString, bitsPerCharacter: Int) {
        self.alphabet = Array(alphabet.description.utf8)
        self.bitsPerCharacter = bitsPerCharacter
        var values = [UInt8](repeating: Self.invalid, count: 256)
        for (value, character) in self.alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        self.values = values
    }

    /// The text of `bytes`.
    package func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 8 + bitsPerCharacter - 1) / bitsPerCharacter)
        var (bits, count) = (0, 0)
        for byte in bytes {
            (bits, count) = ((bits << 8 | Int(byte)) & 0xFFFF, count + 8)
            while count >= bitsPerCharacter {
                count -= bitsPerCharacter
                text.append(alphabet[bits >> count & (alphabet.count - 1)])
            }
        }
        if count > 0 { text.append(alphabet[bits << (bitsPerCharacter - count) & (alphabet.count - 1)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of `text`; nil if it is not exactly what ``encode(_:)`` would write.
    package func decode(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * bitsPerCharacter / 8)
        var (bits, count) = (0, 0)
        for character in text.utf8 {
            let value = values[Int(character)]
            guard value != Self.invalid else { return nil }
            (bits, count) = ((bits << bitsPerCharacter | Int(value)) & 0xFFFF, count + bitsPerCharacter)
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        guard count < bitsPerCharacter, bits & (1 << count - 1) == 0 else { return nil }
        return bytes
    }
}
