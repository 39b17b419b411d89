package import Primitives

/// Codes that change every 30 seconds (RFC 6238), as in authenticator applications: six digits, HMAC-SHA-1.
package struct TOTP: Sendable {
    private static let stepSeconds: Int64 = 30
    /// A clock may be one step off, either way.
    private static let window: Int64 = 1

    /// The secret shared with the application: 20 bytes if made by ``newSecret()``.
    private let secret: [UInt8]
    private let digits: Int
    private let hash: HMAC.Hash

    /// The codes of a secret, which must not be empty.
    package init(secret: [UInt8]) { self.init(secret: secret, digits: 6, hash: .sha1) }

    init(secret: [UInt8], digits: Int, hash: HMAC.Hash) {
        (self.secret, self.digits, self.hash) = (secret, digits, hash)
    }

    /// A secret for a new application: 20 bytes, the length RFC 4226 recommends.
    package static func newSecret() -> [UInt8] { RandomBytes.make(20) }

    /// The code shown at `instant`.
    package func code(at instant: Instant) -> String { code(ofStep: Self.step(at: instant)) }

    /// The step that the code belongs to, among the current one and its two neighbours; nil if there is none. The code may
    /// be grouped as applications show it, `123 456`.
    ///
    /// Store the step with the user and pass it as `lastUsedStep` the next time: then only later steps match, so an
    /// intercepted code cannot be used again.
    package func matchingStep(of code: String, at instant: Instant, after lastUsedStep: Int64? = nil) -> Int64? {
        guard let typed = TypedDigits(code), !typed.hasPlus else { return nil }
        let current = Self.step(at: instant)
        return (current - Self.window...current + Self.window).first { step in
            step > lastUsedStep ?? .min
                && constantTimeEquals(Array(typed.digits.utf8), Array(self.code(ofStep: step).utf8))
        }
    }

    /// The `otpauth://` URI that applications read as a QR code. It contains the secret.
    package func enrolmentURI(issuer: String, account: String) -> String {
        let name = "\(percentEncoded(issuer)):\(percentEncoded(account))"
        return "otpauth://totp/\(name)?secret=\(BaseEncoding.base32.encode(secret))&issuer=\(percentEncoded(issuer))"
            + "&algorithm=\(hash.rawValue)&digits=\(digits)&period=\(Self.stepSeconds)"
    }

    private static func step(at instant: Instant) -> Int64 { instant.seconds / stepSeconds }

    /// RFC 4226 section 5.3: 31 bits at the offset in the last four bits, in decimal.
    private func code(ofStep step: Int64) -> String {
        let message = withUnsafeBytes(of: step.bigEndian) { Array($0) }
        let mac = secret.withUnsafeBufferPointer { HMAC.authenticate(message, key: $0, with: hash) }
        let offset = Int(mac[mac.count - 1] & 0x0F)
        let number = mac[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } & 0x7FFF_FFFF
        let decimal = String(number)
        return String((String(repeating: "0", count: digits) + decimal).suffix(digits))
    }
}

/// `text` with all characters escaped except the unreserved ones of RFC 3986.
private func percentEncoded(_ text: String) -> String {
    let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
    return text.utf8.reduce(into: "") { encoded, byte in
        if unreserved.contains(byte) {
            encoded.unicodeScalars.append(Unicode.Scalar(byte))
        } else {
            encoded += "%" + BaseEncoding.hexadecimal.encode([byte]).uppercased()
        }
    }
}
