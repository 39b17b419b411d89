import Cryptography

/// A request that must have its effect once, however often it is sent (draft-ietf-httpapi-idempotency-key-header-07).
///
/// The key counts together with tenant, principal and route. Store it with the effect, in the same transaction.
package struct IdempotentRequest: Hashable, Sendable {
    /// The client's key: 1 to 255 visible ASCII characters.
    package let key: String
    /// A keyed digest of method, target and body: the same key with another fingerprint is another request, to be refused.
    /// A request may hold a password, a name or a telephone number, which a digest without a key would reveal.
    package let fingerprint: [UInt8]
    /// SHA-256 of the same, which earlier releases stored.
    package let formerFingerprint: [UInt8]

    static let maximumLength = 255

    /// The key in a header's value, which the draft wants quoted and most clients send bare; nil when it is neither.
    static func key(_ text: String) -> String? {
        let isQuoted = text.utf8.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
        let key = isQuoted ? String(text.dropFirst().dropLast()) : text
        guard (1...maximumLength).contains(key.utf8.count),
            key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") })
        else { return nil }
        return key
    }

    init(key: String, method: HTTPMethod, target: String, body: [UInt8], keyed: ([UInt8]) -> [UInt8]) {
        self.key = key
        // Neither method nor target can hold a line feed, so the parts cannot run into each other.
        formerFingerprint = SHA256.hash(Array("\(method.rawValue)\n\(target)\n".utf8) + body)
        fingerprint = keyed(formerFingerprint)
    }
}
