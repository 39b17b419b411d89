/// AES-256-GCM with several keys: the first encrypts, all decrypt. To rotate, put a new key in front, and remove the
/// old one once nothing ``needsReencryption(_:)``.
///
/// A ciphertext is a version byte (1), the length of the key id, the key id, a random 12-byte nonce, the encrypted
/// bytes and a 16-byte tag. A random nonce is safe for 2^32 values under one key; rotate long before.
package struct KeyRing: Sendable {
    private static let version: UInt8 = 1

    private let currentID: String
    private let keys: [String: SecretKey]

    /// Reads `2026a:<32 bytes in Base64>,2025b:<…>`, the key for encryption first.
    package init(configuration text: String) throws(KeyTextError) {
        var keys: [String: SecretKey] = [:]
        var currentID: String?
        for (index, entry) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
            let (id, key) = try Self.parse(entry, position: index + 1)
            guard keys.updateValue(key, forKey: id) == nil else { throw .duplicateID(id) }
            currentID = currentID ?? id
        }
        guard let currentID else { throw .malformedEntry(position: 1) }
        self.currentID = currentID
        self.keys = keys
    }

    private static func parse(_ entry: Substring, position: Int) throws(KeyTextError) -> (String, SecretKey) {
        let parts = entry.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, isKeyID(parts[0]) else { throw .malformedEntry(position: position) }
        guard let key = SecretKey(base64: parts[1]) else { throw .malformedKey(id: String(parts[0])) }
        return (String(parts[0]), key)
    }

    /// One to 32 lower-case letters, digits and hyphens.
    private static func isKeyID(_ text: Substring) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }

    /// Encrypts `plaintext` (at most 2 GiB) for that field, under the first key.
    package func encrypt(_ plaintext: [UInt8], in field: EncryptedField) -> [UInt8] {
        guard let key = keys[currentID] else { preconditionFailure("the current key is in the ring") }
        let header = [Self.version, UInt8(currentID.utf8.count)] + Array(currentID.utf8)
        let nonce = RandomBytes.make(AESGCM.nonceByteCount)
        let sealed = AESGCM.seal(plaintext, key: key, nonce: nonce, authenticating: header + field.associatedData)
        return header + nonce + sealed
    }

    /// Decrypts a result of ``encrypt(_:in:)`` for the same field, under any key of the ring.
    package func decrypt(_ ciphertext: [UInt8], in field: EncryptedField) throws(DecryptionError) -> [UInt8] {
        let envelope = try Envelope(ciphertext)
        guard let key = keys[envelope.keyID] else { throw .unknownKey(id: envelope.keyID) }
        let data = envelope.header + field.associatedData
        guard let plaintext = AESGCM.open(envelope.sealed, key: key, nonce: envelope.nonce, authenticating: data) else {
            throw .notAuthentic
        }
        return plaintext
    }

    /// True if the ciphertext is under an older key than the current one.
    package func needsReencryption(_ ciphertext: [UInt8]) throws(DecryptionError) -> Bool {
        try Envelope(ciphertext).keyID != currentID
    }

    /// The parts of a ciphertext.
    private struct Envelope {
        let header: [UInt8]
        let keyID: String
        let nonce: [UInt8]
        let sealed: ArraySlice<UInt8>

        init(_ bytes: [UInt8]) throws(DecryptionError) {
            guard bytes.count >= 2, bytes[0] == KeyRing.version else { throw .malformed }
            let headerEnd = 2 + Int(bytes[1])
            let nonceEnd = headerEnd + AESGCM.nonceByteCount
            guard bytes.count >= nonceEnd + AESGCM.tagByteCount,
                let keyID = String(validating: bytes[2..<headerEnd], as: UTF8.self)
            else { throw .malformed }
            self.keyID = keyID
            header = Array(bytes[..<headerEnd])
            nonce = Array(bytes[headerEnd..<nonceEnd])
            sealed = bytes[nonceEnd...]
        }
    }
}

extension KeyRing: CustomStringConvertible {
    /// Only the key ids.
    package var description: String { "KeyRing(\(keys.keys.sorted().joined(separator: ", ")))" }
}
